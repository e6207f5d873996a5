/** Texts longer than this are computed each time: they are rare, and seldom the same twice. */
const LONGEST_KEY = 64;

/**
 * Remembers what a pure function answers for short texts. When `entries` of them are known they
 * become the old generation, and the one before is forgotten: what is still asked for moves over, so
 * common words stay while the numbers and ids between them pass through.
 */
export function memoizeText<T extends object | string>(
  entries: number,
  compute: (text: string) => T,
): (text: string) => T {
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  return (text) => {
    if (text.length > LONGEST_KEY) return compute(text);
    const known = young.get(text);
    if (known !== undefined) return known;
    const key = detach(text);
    const answer = old.get(key) ?? compute(key);
    if (young.size >= entries) {
      old = young;
      young = new Map();
    }
    young.set(key, answer);
    return answer;
  };
}

/** A copy: a slice of a large text, kept as it is, would keep the whole text in memory. */
function detach(slice: string): string {
  return slice.split('').join('');
}
