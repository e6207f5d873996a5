import { describe, expect, test } from 'vitest';
import { type FileFacts, isSettled, signatureOf } from '../../../src/stores/file/file-signature.ts';

const FACTS: FileFacts = { size: 10, mtimeMs: 1_000.5, ctimeMs: 2_000.25, ino: 7 };

describe('a signature', () => {
  test('is a whole number that SQLite and JavaScript both keep', () => {
    for (const name of ['', 'a', 'é'.repeat(300)]) {
      expect(Number.isSafeInteger(signatureOf(name, { ...FACTS, ino: 2 ** 60 }))).toBe(true);
    }
  });

  test('differs with each fact', () => {
    const others = [
      signatureOf('b', FACTS),
      ...Object.keys(FACTS).map((key) =>
        signatureOf('a', { ...FACTS, [key]: FACTS[key as keyof FileFacts] + 1 }),
      ),
    ];
    expect(new Set([signatureOf('a', FACTS), ...others]).size).toBe(others.length + 1);
  });
});

describe('a file whose later changes are sure to show', () => {
  test.for([
    ['was changed a while ago', 2_000.25, 2_051, true],
    ['was changed just now', 2_000.25, 2_050, false],
    ['lies where times have whole seconds', 2_000, 4_050, false],
    ['lies there for longer than two of them', 2_000, 4_051, true],
  ] as const)('%s', ([, ctimeMs, now, expected]) => {
    expect(isSettled({ ...FACTS, ctimeMs }, now)).toBe(expected);
  });

  test('is not asked by the time of writing, which anybody can set', () => {
    expect(isSettled({ ...FACTS, mtimeMs: 1e15 }, 3_000)).toBe(true);
  });
});
