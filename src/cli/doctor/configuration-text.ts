import type { Setting } from '../../config/settle-layers.ts';
import { formatTable } from '../output/table.ts';

/** Below this, a value or where it comes from says nothing any more. */
const LEAST_VALUE = 24;

/** The settings in force, each with where it comes from, and the files that were read. */
export function formatConfiguration(
  settings: readonly Setting[],
  files: readonly string[],
  width: number,
): string {
  const columns = [
    { title: 'SETTING' },
    { title: 'VALUE', shrinkTo: LEAST_VALUE },
    { title: 'FROM', shrinkTo: LEAST_VALUE },
  ];
  const rows = settings.map(({ name, value, source }) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
    source,
  ]);
  const read = files.length > 0 ? `Read ${files.join(' and ')}` : 'No configuration file is here.';
  return `${formatTable(columns, rows, width)}\n${read}\n`;
}
