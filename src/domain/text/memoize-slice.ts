/** Slices longer than this are computed each time: they are rare, and seldom the same twice. */
const LONGEST_KEY = 64;

interface Entry<T> {
  readonly key: string;
  readonly answer: T;
}

/** A function of `text.slice(start, end)` that need not make the slice. */
export type SliceFunction<T> = (text: string, start: number, end: number) => T;

/**
 * Remembers what a pure function answers for short slices. Each has one slot (of `slots`, a power of
 * two) and pushes out what was in it: memory is bounded, and nothing has to be counted or swept.
 * Comparing in place is what makes it worth it: a `Map` would have to cut and hash each slice first,
 * which takes five times as long as the look-up.
 */
export function memoizeSlice<T>(slots: number, compute: (slice: string) => T): SliceFunction<T> {
  const entries = new Array<Entry<T> | undefined>(slots).fill(undefined);
  return (text, start, end) => {
    if (end - start > LONGEST_KEY) return compute(text.slice(start, end));
    let hash = 0;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash, 31) + text.charCodeAt(at);
    const slot = (hash ^ (hash >>> 15)) & (slots - 1);
    const found = entries[slot];
    if (found !== undefined && isAt(found.key, text, start, end)) return found.answer;
    const key = detach(text.slice(start, end));
    const answer = compute(key);
    entries[slot] = { key, answer };
    return answer;
  };
}

function isAt(key: string, text: string, start: number, end: number): boolean {
  if (key.length !== end - start) return false;
  for (let at = 0; at < key.length; at += 1) {
    if (key.charCodeAt(at) !== text.charCodeAt(start + at)) return false;
  }
  return true;
}

/** A copy: a slice of a large text, kept as it is, would keep the whole text in memory. */
function detach(slice: string): string {
  return slice.split('').join('');
}
