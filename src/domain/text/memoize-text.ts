/** Texts longer than this are computed each time: they are rare, and seldom the same twice. */
const LONGEST_KEY = 64;

/**
 * Remembers what a pure function answers for short texts, for up to `entries` of them; then it
 * forgets all and begins again, which costs less than keeping an order of use.
 */
export function memoizeText<T>(entries: number, compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (text.length > LONGEST_KEY) return compute(text);
    const key = detach(text);
    const answer = compute(key);
    if (known.size >= entries) known.clear();
    known.set(key, answer);
    return answer;
  };
}

/** A copy: a slice of a large text, kept as it is, would keep the whole text in memory. */
function detach(slice: string): string {
  return slice.split('').join('');
}
