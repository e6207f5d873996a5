import { oneLine } from './printable.ts';
import { paint } from './style.ts';
import { wrap } from './wrap.ts';

const INDENT = '    ';

/** Things with the reason why each is mentioned; the reason is wrapped, never cut. */
export function formatReasons(
  items: ReadonlyArray<{ name: string; reason: string }>,
  width: number,
): string {
  return items
    .map(({ name, reason }) => {
      const lines = wrap(oneLine(reason), width - INDENT.length);
      const shown = lines.map((line) => `${INDENT}${paint('yellow', line)}\n`);
      return `  ${oneLine(name)}\n${shown.join('')}`;
    })
    .join('');
}
