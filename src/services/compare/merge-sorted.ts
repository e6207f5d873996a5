/**
 * Two sides in the same order as one: what stands at the same place on both comes together, and null stands
 * for what a side has not. Holds one item of each side.
 */
export async function* mergeSorted<T>(
  first: AsyncIterable<T>,
  second: AsyncIterable<T>,
  compare: (a: T, b: T) => number,
): AsyncGenerator<readonly [T, T] | readonly [T, null] | readonly [null, T], void, void> {
  const [left, right] = [first[Symbol.asyncIterator](), second[Symbol.asyncIterator]()];
  try {
    let [a, b] = [await left.next(), await right.next()];
    while (!(a.done && b.done)) {
      const order = a.done ? 1 : b.done ? -1 : compare(a.value, b.value);
      if (order < 0) yield [a.value, null];
      else if (order > 0) yield [null, b.value];
      else yield [a.value, b.value];
      if (order <= 0) a = await left.next();
      if (order >= 0) b = await right.next();
    }
  } finally {
    await left.return?.();
    await right.return?.();
  }
}
