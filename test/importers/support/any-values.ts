import { expect } from 'vitest';
import type { Importer } from '../../../src/repository/importer.ts';
import { importedBy, WRITTEN } from './imported.ts';

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

/** Reads each text as a file of this name: something comes of each, and no run comes twice. */
export async function readsEach(
  importer: Importer,
  name: string,
  texts: Iterable<string>,
): Promise<void> {
  for (const text of texts) {
    const bytes = Buffer.from(text);
    const file = {
      ...{ path: `/home/ada/shop/${name}`, size: bytes.length, modifiedAt: WRITTEN },
      async *bytes() {
        yield bytes;
      },
    };
    const { runs, setAside } = await importedBy(importer, [file]);
    expect(runs.length + setAside.length).toBeGreaterThan(0);
    expect(new Set(runs.map(({ id }) => id)).size).toBe(runs.length);
  }
}

/** The lines of a file in which one line has a member of any kind. */
export function* withAnyLine(lines: readonly unknown[]): Generator<string, void, void> {
  for (const [index, line] of lines.entries()) {
    for (const odd of withAnyValues(line)) {
      yield lines
        .with(index, odd)
        .map((each) => `${JSON.stringify(each)}\n`)
        .join('');
    }
  }
}
