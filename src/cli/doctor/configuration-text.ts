import { stripVTControlCharacters } from 'node:util';
import type { Setting } from '../../config/settle-layers.ts';
import { displayWidth } from '../output/display-width.ts';
import { printable } from '../output/printable.ts';
import { formatTable } from '../output/table.ts';
import { wrap } from '../output/wrap.ts';

const GAP = '  ';

/** The settings in force, each with where it comes from, and the files that were read. */
export function formatConfiguration(
  settings: readonly Setting[],
  files: readonly string[],
  width: number,
): string {
  const rows = settings.map(({ name, value, source }) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
    source,
  ]);
  const read = files.length > 0 ? `Read ${files.join(' and ')}` : 'No configuration file is here.';
  return `${table(rows, width)}\n${read}\n`;
}

/**
 * A table where it fits. Else each source stands below its value, and both are told whole: a path or the
 * name of a variable that is cut would not be what somebody looks for here.
 */
function table(rows: readonly string[][], width: number): string {
  const whole = formatTable(
    [{ title: 'SETTING' }, { title: 'VALUE' }, { title: 'FROM' }],
    rows,
    Number.POSITIVE_INFINITY,
  );
  const fits = whole
    .split('\n')
    .every((line) => displayWidth(stripVTControlCharacters(line)) <= width);
  if (fits) return whole;
  const names = Math.max(...rows.map(([name = '']) => name.length));
  const room = width - names - GAP.length;
  const indent = ' '.repeat(names + GAP.length);
  return rows
    .map(([name = '', value = '', source = '']) => {
      const lines = [...wrap(printable(value), room), ...wrap(`from ${printable(source)}`, room)];
      return `${name.padEnd(names)}${GAP}${lines.join(`\n${indent}`)}\n`;
    })
    .join('');
}
