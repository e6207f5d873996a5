import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatCompare } from '../../../src/cli/output/compare-text.ts';
import { idOf, makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { put } from '../../../src/conformance/operations.ts';
import { MODERATE_SAMPLES } from '../../../src/conformance/samples/samples.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { storeSource } from '../../../src/repository/store-source.ts';
import { compareStores } from '../../../src/services/compare/compare-stores.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';
import { openFileStore } from '../../../src/stores/file/open-file-store.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { edit } from '../../support/list-source.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import { testWhere } from '../../support/test-where.ts';
import { openFresh, PAIRS } from '../../through/support/kinds.ts';

const ONE = { atomic: true };
const EQUAL = { differences: [], setAside: [], files: [] };

async function memoryWith(runs: ReturnType<typeof makeRun>[]): Promise<RunStore> {
  const store = openMemoryStore();
  await store.write(
    runs.map((run) => put(run)),
    ONE,
  );
  return store;
}

describe('every two kinds of stores', () => {
  // A copy in one direction is enough: each difference is there on either side.
  for (const [from, to] of PAIRS.filter(([one, other]) => one.name < other.name)) {
    const title = `${from.name} and ${to.name} are equal after a copy, and every difference is told`;
    testWhere(from.missing ?? to.missing ?? null)(title, async () => {
      const [first, second] = [await openFresh(from), await openFresh(to)];
      const samples = MODERATE_SAMPLES.map(({ make }) => make());
      await first.write(
        samples.map((run) => put(run)),
        ONE,
      );
      const item = { origin: 'file:/a', name: 'x.json', reason: 'is no run', bytes: null };
      await first.quarantine([item, { ...item, name: 'y', bytes: Buffer.from('\u0000{') }]);
      await copyRuns(await storeSource(first), second);
      const equal = { compared: samples.length, equal: samples.length, ...EQUAL };
      expect(await compareStores(first, second)).toEqual(equal);

      await edit(first, makeRun(900));
      await edit(second, makeRun(901));
      // Of a run that began at another time each side has it at another place in the order.
      const [a, b] = [samples[0], samples[1]] as const;
      if (a) await edit(second, { ...a, startedAt: '2001-01-01T00:00:00.000Z' });
      if (b) await edit(second, { ...b, input: { ...b.input, prompt: `${b.input.prompt} ` } });
      await second.quarantine([{ ...item, name: 'y', bytes: Buffer.from('\u0000}') }]);
      await second.releaseQuarantined('file:/a', ['x.json']);
      await second.quarantine([{ ...item, name: 'z' }]);
      const report = await compareStores(first, second);
      expect(report).toMatchObject({ compared: samples.length + 2, equal: samples.length - 2 });
      expect(report.differences).toEqual(
        [
          { id: a?.id, what: 'differs' },
          { id: b?.id, what: 'differs' },
          { id: idOf(900), what: 'only in the first' },
          { id: idOf(901), what: 'only in the second' },
        ].sort((one, other) => ((one.id ?? '') < (other.id ?? '') ? -1 : 1)),
      );
      const at = { origin: 'file:/a' };
      expect(report.setAside).toEqual([
        { ...at, name: 'x.json', what: 'only in the first' },
        { ...at, name: 'y', what: 'differs' },
        { ...at, name: 'z', what: 'only in the second' },
      ]);
      for (const store of [first, second]) await store.close();
    });
  }
});

test('a store that is empty lacks every run of the other', async () => {
  const full = await memoryWith(makeRuns(1_200));
  const what = (side: string) => makeRuns(1_200).map(({ id }) => ({ id, what: `only in ${side}` }));
  const none = { compared: 1_200, equal: 0, setAside: [], files: [] };
  expect(await compareStores(full, openMemoryStore())).toEqual({
    ...none,
    differences: what('the first'),
  });
  expect(await compareStores(openMemoryStore(), full)).toEqual({
    ...none,
    differences: what('the second'),
  });
});

test('what is equal by the time it is looked at again is no difference', async () => {
  const [first, second] = [await memoryWith(makeRuns(4)), await memoryWith(makeRuns(3))];
  await edit(first, makeRun(1, { tags: ['new'] }));
  await first.write([put(makeRun(9))], ONE);
  let isFirst = true;
  const following: RunStore = {
    ...second,
    async read(...given) {
      const runs = await second.read(...given);
      // After it was looked at, one follows and one is gone; one is still on its way.
      if (isFirst && given[0].includes(idOf(1))) {
        isFirst = false;
        await edit(second, makeRun(1, { tags: ['new'] }));
        await first.write([{ kind: 'delete', id: idOf(9), expect: {} }], ONE);
      }
      return runs;
    },
  };
  const report = await compareStores(first, following);
  expect(isFirst).toBe(false);
  expect(report.differences.map(({ id }) => id)).toEqual([idOf(3)]);
});

test('a run whose file cannot be read is equal to nothing, on both sides neither', async () => {
  const folders = [folderInMemory(), folderInMemory()] as const;
  const [first, second] = [
    await openFileStore({ path: folders[0] }),
    await openFileStore({ path: folders[1] }),
  ];
  for (const store of [first, second]) {
    await store.write(
      makeRuns(3).map((run) => put(run)),
      ONE,
    );
  }
  writeFileSync(join(folders[0], `${idOf(0)}.json`), '{');
  for (const folder of folders) writeFileSync(join(folder, `${idOf(1)}.json`), '{');
  rmSync(join(folders[1], `${idOf(2)}.json`));
  expect((await compareStores(first, second)).differences).toEqual([
    { id: idOf(0), what: 'differs' },
    { id: idOf(1), what: 'differs' },
    { id: idOf(2), what: 'only in the first' },
  ]);
  for (const store of [first, second]) await store.close();
});

test('progress goes to the end, and a signal ends it', async () => {
  const [first, second] = [await memoryWith(makeRuns(120)), await memoryWith(makeRuns(120))];
  const seen: number[] = [];
  await compareStores(first, second, { onProgress: ({ done, total }) => seen.push(done / total) });
  expect(seen).toHaveLength(120);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  const controller = new AbortController();
  const call = compareStores(first, second, {
    signal: controller.signal,
    onProgress: ({ done }) => {
      if (done === 60) controller.abort(new Error('enough'));
    },
  });
  await expect(call).rejects.toThrow('enough');
});

test('is told as text, each difference in a line', async () => {
  const [first, second] = [await memoryWith(makeRuns(2)), await memoryWith(makeRuns(1))];
  await second.quarantine([{ origin: 'file:/a', name: 'x\u0007', reason: 'no run', bytes: null }]);
  const report = await compareStores(first, second);
  expect(formatCompare(report, 'memory:', 'sqlite:/b', 80)).toBe(`First     memory:
Second    sqlite:/b
Compared  2 runs
Equal     1, by their digests

Different: 1 run.
  ${idOf(1)}  only in the first

Put aside otherwise: 1 item.
  file:/a x  only in the second
`);
});

test('a store is not compared with itself, by whatever name it was opened', async () => {
  const store = openMemoryStore();
  const again = compareStores(store, { ...store, location: 'another name' });
  await expect(again).rejects.toMatchObject({ code: 'INVALID' });
});
