import { type Cell, formatCell, type Piece, piecesOf, widthOf } from './cell.ts';
import { displayWidth } from './display-width.ts';

/** One column of a table. */
export interface Column {
  title: string;
  align?: 'left' | 'right';
  /** May be cut, but not below so many columns of the terminal. */
  shrinkTo?: number;
  /** Left out where the table would not fit otherwise. */
  optional?: true;
  /** The last column alone: goes to a line of its own where little room is left beside the others. */
  detail?: true;
}

const GAP = '  ';
/** Without a bound, one long name must not push every other row apart; it only pushes its own. */
const MOST_PADDING = 40;
/** A detail column narrower than this is no help. */
const LEAST_DETAIL = 40;

/** A table that fits so many columns of a terminal, with a header and a line end after each line. */
export function formatTable(
  columns: readonly Column[],
  rows: ReadonlyArray<readonly Cell[]>,
  width: number,
): string {
  const cells = rows.map((row) => row.map(piecesOf));
  const natural = columns.map(({ title }, at) =>
    cells.reduce((most, row) => Math.max(most, widthOf(row[at] ?? [])), displayWidth(title)),
  );
  const detail = columns.at(-1)?.detail ? columns.length - 1 : undefined;
  const widths = fitWidths(columns, natural, detail, width);
  if (detail !== undefined) {
    const wanted = natural[detail] ?? 0;
    const room = width - total(widths) - GAP.length;
    if (room >= Math.min(LEAST_DETAIL, wanted)) widths.set(detail, Math.min(room, wanted));
  }

  const line = (row: ReadonlyArray<readonly Piece[]>) =>
    [...widths]
      .map(([at, own]) => {
        const padding = width === Number.POSITIVE_INFINITY ? Math.min(own, MOST_PADDING) : own;
        return formatCell(row[at] ?? [], { cutTo: own, padTo: padding, align: columns[at]?.align });
      })
      .join(GAP)
      .trimEnd();
  let table = `${line(columns.map(({ title }) => [{ text: title, style: 'bold' }]))}\n`;
  for (const row of cells) {
    table += `${line(row)}\n`;
    const below = detail === undefined || widths.has(detail) ? [] : (row[detail] ?? []);
    if (widthOf(below) > 0) {
      table += `${GAP}${formatCell(below, { cutTo: width - GAP.length, padTo: 0 })}\n`;
    }
  }
  return table;
}

/** The width of each column but the detail: what may be cut is, then optional columns go. */
function fitWidths(
  columns: readonly Column[],
  natural: readonly number[],
  detail: number | undefined,
  width: number,
): Map<number, number> {
  const shown = columns.flatMap((_, at) => (at === detail ? [] : [at]));
  const widths = new Map(shown.map((at) => [at, natural[at] ?? 0]));
  for (const at of shown.toReversed()) {
    shrink(columns, widths, width);
    if (total(widths) <= width) break;
    if (columns[at]?.optional) widths.delete(at);
  }
  return widths;
}

/** Takes what is too much from the widest columns that may be cut. */
function shrink(columns: readonly Column[], widths: Map<number, number>, width: number): void {
  for (const [at, own] of [...widths].sort(([, a], [, b]) => b - a)) {
    const excess = total(widths) - width;
    const least = columns[at]?.shrinkTo;
    if (excess <= 0 || least === undefined) continue;
    widths.set(at, Math.max(Math.min(least, own), own - excess));
  }
}

function total(widths: ReadonlyMap<number, number>): number {
  return [...widths.values()].reduce((sum, own) => sum + own + GAP.length, -GAP.length);
}
