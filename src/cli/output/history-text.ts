import type { JsonValue } from '../../domain/json.ts';
import type { ChangedField, PastChange } from '../../services/recovery/run-history.ts';
import { cutToWidth } from './display-width.ts';
import { formatTime } from './figures.ts';
import { oneLine } from './printable.ts';
import { formatTable } from './table.ts';

const OPERATIONS: Readonly<Record<PastChange['operation'], string>> = {
  insert: 'stored',
  update: 'changed',
  delete: 'deleted',
};
/** A value is shown up to so many columns: it is to be recognised, not read. */
const MOST_COLUMNS = 30;

/** The changes of a run as a table, oldest first; a line for each member that one changed. */
export function formatHistory(changes: readonly PastChange[], width: number): string {
  const rows = changes.flatMap(({ at, version, operation, origin, fields }) => {
    const from = origin === null ? '' : `, from ${origin}`;
    const first = [formatTime(at), String(version), `${OPERATIONS[operation]}${from}`];
    return [first, ...fields.map((field) => ['', '', `  ${fieldText(field)}`])];
  });
  const columns = [
    { title: 'WHEN' },
    { title: 'VERSION', align: 'right' as const },
    { title: 'WHAT' },
  ];
  return formatTable(columns, rows, width);
}

function fieldText({ path, from, to }: ChangedField): string {
  return `${path}: ${valueText(from)} → ${valueText(to)}`;
}

function valueText(value: JsonValue | undefined): string {
  if (value === undefined) return '-';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return cutToWidth(oneLine(text), MOST_COLUMNS);
}
