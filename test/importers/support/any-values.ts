const VALUES: readonly unknown[] = [
  ...[null, true, 7, -1.5, 1e300, 'x', '', [], {}, [[[]]], [null, 1, 'x'], { a: { b: [1] } }],
  ...[{ toString: 1, length: -1 }, [{ type: 'text', text: { text: 1 } }], '\ud800'],
];

/** Copies of a JSON value in which one member, at any depth, is a value of any kind, or is not there. */
export function* withAnyValues(value: unknown): Generator<unknown, void, void> {
  if (typeof value !== 'object' || value === null) return;
  const members = value as Record<string, unknown>;
  for (const name of Object.keys(members)) {
    const swapped = (other: unknown) =>
      Array.isArray(value) ? value.with(Number(name), other) : { ...members, [name]: other };
    for (const other of VALUES) yield swapped(other);
    yield swapped(undefined);
    for (const inner of withAnyValues(members[name])) yield swapped(inner);
  }
}
