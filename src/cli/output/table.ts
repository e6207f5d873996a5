import { cutToWidth, displayWidth, padToWidth } from './display-width.ts';
import { oneLine } from './printable.ts';
import { paint, type Style } from './style.ts';

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

/** A cell: text from anywhere, made printable here. */
export type Cell = string | { text: string; style: Style };

const GAP = '  ';
/** A detail column narrower than this is no help. */
const LEAST_DETAIL = 40;

/** A table that fits so many columns of a terminal, with a header and a line end after each line. */
export function formatTable(
  columns: readonly Column[],
  rows: ReadonlyArray<readonly Cell[]>,
  width: number,
): string {
  const texts = rows.map((row) => row.map((cell) => oneLine(typeof cell === 'string' ? cell : cell.text)));
  const natural = columns.map(({ title }, at) =>
    Math.max(displayWidth(title), ...texts.map((row) => displayWidth(row[at] ?? ''))),
  );
  const last = columns.length - 1;
  const hasDetail = columns[last]?.detail === true;
  const shown = columns.flatMap((_, at) => (hasDetail && at === last ? [] : [at]));
  const widths = fit(columns, natural, shown, width);
  const room = width - total([...widths.values()]) - GAP.length;
  const isBeside = hasDetail && room >= Math.min(LEAST_DETAIL, natural[last] ?? 0);
  if (isBeside) widths.set(last, Math.min(room, natural[last] ?? 0));

  const line = (cells: readonly string[], styles: ReadonlyArray<Style | undefined>) =>
    [...widths]
      .map(([at, columnWidth]) => {
        const text = cutToWidth(cells[at] ?? '', columnWidth);
        const style = styles[at];
        const painted = style === undefined ? text : paint(style, text);
        const padding = padToWidth('', columnWidth - displayWidth(text), 'left');
        return columns[at]?.align === 'right' ? padding + painted : painted + padding;
      })
      .join(GAP)
      .trimEnd();

  const lines = [line(columns.map(({ title }) => title), columns.map(() => 'bold'))];
  for (const [index, row] of rows.entries()) {
    const cells = texts[index] ?? [];
    const styles = row.map((cell) => (typeof cell === 'string' ? undefined : cell.style));
    lines.push(line(cells, styles));
    const detail = cells[last] ?? '';
    if (hasDetail && !isBeside && detail !== '') {
      lines.push(GAP + paint(styles[last] ?? 'dim', cutToWidth(detail, width - GAP.length)));
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The width of each column that is shown: what can be is cut first, then optional columns go. */
function fit(
  columns: readonly Column[],
  natural: readonly number[],
  shown: readonly number[],
  width: number,
): Map<number, number> {
  const widths = new Map(shown.map((at) => [at, natural[at] ?? 0]));
  for (const at of [...shown].reverse()) {
    shrink(columns, widths, width);
    if (total([...widths.values()]) <= width) break;
    if (columns[at]?.optional) widths.delete(at);
  }
  return widths;
}

function shrink(columns: readonly Column[], widths: Map<number, number>, width: number): void {
  for (const [at, own] of [...widths].sort(([, a], [, b]) => b - a)) {
    const excess = total([...widths.values()]) - width;
    const least = columns[at]?.shrinkTo;
    if (excess > 0 && least !== undefined) widths.set(at, Math.max(Math.min(least, own), own - excess));
  }
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, own) => sum + own, 0) + GAP.length * Math.max(0, widths.length - 1);
}
