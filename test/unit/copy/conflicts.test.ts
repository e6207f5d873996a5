import { describe, expect, test } from 'vitest';
import { idOf, makeRun } from '../../../src/conformance/make-run.ts';
import { digestOf } from '../../../src/domain/canonical.ts';
import type { AgentRun } from '../../../src/domain/run.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { edit, edit as editIn, listSource, runsOf } from '../../support/list-source.ts';

/** The same run in several states. */
const state = (branch: string) => makeRun(1, { branch });
const [A, B, C] = [state('a'), state('b'), state('c')];
const { id } = A;

async function branchOf(store: RunStore) {
  return (await store.read([id])).get(id)?.branch;
}

/** A store that had these states, by edits, in this order. */
async function storeWith(...runs: AgentRun[]) {
  const store = openMemoryStore();
  for (const run of runs) await edit(store, run);
  return store;
}

describe('a run that differs on the other side', () => {
  test('is left where it was edited there and the source did not change', async () => {
    const target = openMemoryStore();
    await copyRuns(listSource([A]), target);
    await edit(target, B);
    const report = await copyRuns(listSource([A]), target);
    expect(report).toMatchObject({ read: 1, written: 0, unchanged: 1, differences: [] });
    expect(await branchOf(target)).toBe('b');
  });

  test('is a conflict where both changed', async () => {
    const target = openMemoryStore();
    await copyRuns(listSource([A]), target);
    await edit(target, B);
    const report = await copyRuns(listSource([C]), target);
    expect(report).toMatchObject({ read: 1, written: 0, unchanged: 0, differences: [id] });
    expect(await branchOf(target)).toBe('b');
  });

  test('is a conflict where it was never copied from here, whatever the versions say', async () => {
    const target = await storeWith(B);
    const newer = { ...A, version: 99 };
    expect(await copyRuns(listSource([newer]), target)).toMatchObject({ differences: [id] });
    expect(await branchOf(target)).toBe('b');
  });

  test('is a conflict where a copy from elsewhere wrote it', async () => {
    const target = openMemoryStore();
    await copyRuns(listSource([B], { origin: 'file:/other' }), target);
    expect(await copyRuns(listSource([A]), target)).toMatchObject({ differences: [id] });
    expect(await branchOf(target)).toBe('b');
  });

  test('is a conflict where it was edited there and then back to something new', async () => {
    const target = openMemoryStore();
    await copyRuns(listSource([A]), target);
    await edit(target, B);
    await edit(target, A);
    // Equal to what was copied, but somebody touched it since: the source's new state must ask.
    expect(await copyRuns(listSource([C]), target)).toMatchObject({ differences: [id] });
  });

  test('is replaced where its content is a past state of the source', async () => {
    const target = await storeWith(B);
    const source = listSource([A], { past: { [id]: [digestOf(C), digestOf(B)] } });
    expect(await copyRuns(source, target)).toMatchObject({ written: 1, verified: 1 });
    expect(await branchOf(target)).toBe('a');
  });

  test('is left where the source has a past state of it', async () => {
    const target = await storeWith(A, B);
    expect(await copyRuns(listSource([A]), target)).toMatchObject({
      unchanged: 1,
      differences: [],
    });
    expect(await branchOf(target)).toBe('b');
  });

  test('follows a file that was put back to an earlier state', async () => {
    const target = openMemoryStore();
    for (const run of [A, B]) await copyRuns(listSource([run]), target);
    expect(await copyRuns(listSource([A]), target)).toMatchObject({ written: 1, verified: 1 });
    expect(await branchOf(target)).toBe('a');
  });

  test('does not keep the others of its batch from being written', async () => {
    const target = await storeWith(B);
    const report = await copyRuns(listSource([makeRun(0), A, makeRun(2)]), target);
    expect(report).toMatchObject({ read: 3, written: 2, verified: 2, differences: [id] });
    expect((await runsOf(target)).map((run) => run.id)).toEqual([makeRun(0).id, id, makeRun(2).id]);
  });
});

describe('a run that a copy from a store wrote', () => {
  const source = (...past: [AgentRun, ...AgentRun[]]) =>
    listSource([past.at(-1) ?? past[0]], { past: { [id]: past.map(digestOf) } });

  async function copied(...states: [AgentRun, ...AgentRun[]][]) {
    const target = openMemoryStore();
    for (const past of states) await copyRuns(source(...past), target);
    return target;
  }

  test('is left where the store was put back to an older state', async () => {
    const target = await copied([A], [A, B]);
    const report = await copyRuns(source(A), target);
    expect(report).toMatchObject({ written: 0, unchanged: 1, differences: [] });
    expect(await branchOf(target)).toBe('b');
  });

  test('is a conflict where the store does not know it any more', async () => {
    const target = await copied([A]);
    expect(await copyRuns(source(C), target)).toMatchObject({ written: 0, differences: [id] });
    expect(await branchOf(target)).toBe('a');
  });

  test('follows the store back to a state that both had', async () => {
    const target = await copied([A], [A, B]);
    expect(await copyRuns(source(A, B, A), target)).toMatchObject({ written: 1, verified: 1 });
    expect(await branchOf(target)).toBe('a');
  });

  test('is left where it went back to a state that both had', async () => {
    const target = await copied([A], [A, B]);
    await edit(target, A);
    const report = await copyRuns(source(A, B), target);
    expect(report).toMatchObject({ written: 0, unchanged: 1, differences: [] });
    expect(await branchOf(target)).toBe('a');
  });
});

test('an edit between looking and writing is not overwritten', async () => {
  const store = openMemoryStore();
  await copyRuns(listSource([A]), store);
  const racing: RunStore = {
    ...store,
    async lastChanges(ids) {
      const last = await store.lastChanges(ids);
      if ((await branchOf(store)) === 'a') await edit(store, B);
      return last;
    },
  };
  expect(await copyRuns(listSource([C]), racing)).toMatchObject({ written: 0, differences: [id] });
  expect(await branchOf(store)).toBe('b');
});

test('a run that somebody changes between the two writes of a copy is left, and named', async () => {
  const store = openMemoryStore();
  const source = (branch: string) => listSource([makeRun(1, { branch })]);
  await copyRuns(source('a'), store);
  let writes = 0;
  const target: RunStore = {
    ...store,
    async write(...given) {
      writes += 1;
      if (writes === 2) await editIn(store, makeRun(1, { branch: 'mine' }));
      return await store.write(...given);
    },
  };
  expect(await copyRuns(source('b'), target)).toMatchObject({ written: 0, differences: [idOf(1)] });
  expect(await runsOf(store)).toMatchObject([{ branch: 'mine' }]);
});

test('differences are sorted', async () => {
  const target = openMemoryStore();
  for (const number of [1, 2]) await editIn(target, makeRun(number, { branch: 'there' }));
  const report = await copyRuns(listSource([makeRun(2), makeRun(1)]), target);
  expect(report.differences).toEqual([1, 2].map(idOf));
});
