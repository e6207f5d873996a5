/**
 * How wide the lines on standard output may be. A terminal says it; where it does not, or where the
 * output goes to a file or a pipe, `COLUMNS` does; else a terminal has 80 and a file has no bound.
 */
export function terminalWidth(): number {
  const { isTTY, columns } = process.stdout;
  if (isTTY && columns > 0) return columns;
  const wanted = Number(process.env.COLUMNS);
  if (Number.isInteger(wanted) && wanted > 0) return wanted;
  return isTTY ? 80 : Number.POSITIVE_INFINITY;
}
