/** Nobody misspells a longer name, and comparing costs the product of both lengths. */
const LONGEST = 64;
/** So many letters at the beginning of a name are enough to mean it: `user` is near `username`. */
const LEAST_BEGINNING = 3;

/**
 * The name that was most likely meant by a word, whatever the case of its letters: the one with the
 * fewest letters to change, of equals the first. Undefined where none is near, which is where more
 * than every third letter differs.
 */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined;
  const lower = word.toLowerCase();
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const distance = distanceBetween(lower, name.toLowerCase());
    const most = Math.max(1, Math.floor(Math.max(word.length, name.length) / 3));
    if (distance <= most && distance < least) [nearest, least] = [name, distance];
  }
  return nearest ?? (lower.length < LEAST_BEGINNING ? undefined : begunBy(lower, names));
}

function begunBy(beginning: string, names: readonly string[]): string | undefined {
  return names.find((name) => name.toLowerCase().startsWith(beginning));
}

/** How many letters are to be put in, taken out or changed, or pairs of neighbours swapped. */
function distanceBetween(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row];
    for (let at = 1; at <= b.length; at += 1) {
      const cost = a[row - 1] === b[at - 1] ? 0 : 1;
      const change = (above[at - 1] ?? 0) + cost;
      let least = Math.min((above[at] ?? 0) + 1, (line[at - 1] ?? 0) + 1, change);
      const isSwap = a[row - 1] === b[at - 2] && a[row - 2] === b[at - 1];
      if (row > 1 && at > 1 && isSwap) least = Math.min(least, (before[at - 2] ?? 0) + 1);
      line.push(least);
    }
    [before, above] = [above, line];
  }
  return above[b.length] ?? 0;
}
