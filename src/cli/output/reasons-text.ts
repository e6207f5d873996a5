import { displayWidth } from './display-width.ts';
import { oneLine } from './printable.ts';
import { paint } from './style.ts';

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

/** The lines of a text, broken at spaces; a longer word has a line of its own. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || displayWidth(longer) <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}
