import { expect, test } from 'vitest';
import { WorkUnderWay } from '../../../src/repository/work-under-way.ts';

/** Pieces that end when they are told to, and what was noted of them. */
function scene() {
  const noted: string[] = [];
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<string>>();
  const pieces = new WorkUnderWay<string>(async (name) => {
    noted.push(name);
  });
  const begin = (name: string, ids: readonly string[] = []) =>
    pieces.begin(ids, () => {
      begun.push(name);
      const end = Promise.withResolvers<string>();
      ends.set(name, end);
      return end.promise;
    });
  const end = (name: string) => ends.get(name)?.resolve(name);
  const fail = (name: string) => ends.get(name)?.reject(new Error(`${name} failed`));
  return { noted, begun, pieces, begin, end, fail };
}

/** Long enough for all that waits for nothing but its turn. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

test('two go on side by side, a third waits, and all are noted in their order', async () => {
  const { noted, begun, pieces, begin, end } = scene();
  await begin('a');
  await begin('b');
  const third = begin('c');
  end('b');
  await turn();
  expect({ begun, noted }).toEqual({ begun: ['a', 'b'], noted: [] });
  end('a');
  await third;
  expect({ begun, noted }).toEqual({ begun: ['a', 'b', 'c'], noted: ['a'] });
  end('c');
  await pieces.end();
  expect(noted).toEqual(['a', 'b', 'c']);
});

test('one about a run that is under way waits for it', async () => {
  const { noted, begun, begin, end } = scene();
  await begin('a', ['1', '2']);
  const second = begin('b', ['2', '3']);
  await turn();
  expect(begun).toEqual(['a']);
  end('a');
  await second;
  expect({ begun, noted }).toEqual({ begun: ['a', 'b'], noted: ['a'] });
});

test('one that fails is told when none is under way any more, and nothing after it is noted', async () => {
  const { noted, pieces, begin, end, fail } = scene();
  await begin('a');
  await begin('b');
  const ended = pieces.end().catch((error: Error) => error.message);
  fail('a');
  let isTold = false;
  void ended.then(() => {
    isTold = true;
  });
  await turn();
  expect(isTold).toBe(false);
  end('b');
  expect(await ended).toBe('a failed');
  expect(noted).toEqual([]);
  await pieces.end();
});
