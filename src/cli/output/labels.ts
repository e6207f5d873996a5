import { paint } from './style.ts';
import { wrap } from './wrap.ts';

/** A line of a form; a text that is empty or not there leaves it out. */
export type LabelledText = readonly [label: string, text: string | null | undefined | false];

/** A space at which no line is broken. */
export const TOGETHER = '\u00a0';

const GAP = 2;

/** Texts beside their labels, in a column of their own; what is too wide goes on below. */
export function formatLabels(lines: readonly LabelledText[], width: number): string {
  const column = Math.max(...lines.map(([label]) => label.length)) + GAP;
  return lines
    .flatMap(([label, text]) => {
      if (!text) return [];
      const wrapped = wrap(text, width - column);
      const [first = '', ...others] = wrapped.map((line) => line.replaceAll(TOGETHER, ' '));
      const rest = others.map((line) => `${' '.repeat(column)}${line}\n`).join('');
      return `${paint('bold', label.padEnd(column))}${first}\n${rest}`;
    })
    .join('');
}
