import { describe, expect, test } from 'vitest';
import { makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { storeSource } from '../../../src/repository/store-source.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';
import { followCopy } from '../../../src/services/copy/follow-copy.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { edit, runsOf, unreadable } from '../../support/list-source.ts';

const stopped = AbortSignal.abort();
const never = new AbortController().signal;

async function filled(count: number): Promise<RunStore> {
  const store = openMemoryStore();
  for (const run of makeRuns(count)) await edit(store, run);
  return store;
}

describe('what the ledger does not tell', () => {
  const gone = makeRun(2);

  /** A target that has a run which the source deleted at a time that nobody followed. */
  async function withGhost() {
    const source = await filled(3);
    const target = openMemoryStore();
    await followCopy(source, target, { stop: stopped });
    await source.write([{ kind: 'delete', id: gone.id, expect: {} }], { atomic: true });
    await edit(target, makeRun(7));
    const [copy] = await target.transfers();
    await target.keepTransfer({
      origin: copy?.origin ?? '',
      state: { ...copy?.state, mark: 'forgotten' },
    });
    return { source, target };
  }

  test('a run that is gone from the source where its place was forgotten stays, and is told', async () => {
    const { source, target } = await withGhost();
    const report = await followCopy(source, target, { stop: stopped });
    expect(report).toMatchObject({ gone: [gone.id], deleted: 0, differences: [] });
    expect((await runsOf(target)).map(({ id }) => id)).toContain(gone.id);
    // And again, until somebody deletes it.
    expect(await followCopy(source, target, { stop: stopped })).toMatchObject({ gone: [gone.id] });
    await target.write([{ kind: 'delete', id: gone.id, expect: {} }], { atomic: true });
    expect(await followCopy(source, target, { stop: stopped })).toMatchObject({ gone: [] });
  });

  test('one that was edited in the target is its own, and not told', async () => {
    const { source, target } = await withGhost();
    await edit(target, { ...gone, branch: 'mine' });
    expect(await followCopy(source, target, { stop: stopped })).toMatchObject({ gone: [] });
    expect((await runsOf(target)).map(({ id }) => id)).toContain(gone.id);
  });

  test('a store that was put back, or is another one in its place, deletes nothing', async () => {
    const inPlace = (store: RunStore): RunStore => ({
      ...store,
      location: '/data/runs.db',
      capabilities: { ...store.capabilities, durable: true },
    });
    const target = openMemoryStore();
    await followCopy(inPlace(await filled(3)), target, { stop: stopped });
    const before = await runsOf(target);
    const other = inPlace(await filled(1));
    const report = await followCopy(other, target, { stop: stopped });
    const missing = [makeRun(1).id, makeRun(2).id].sort();
    expect(report).toMatchObject({ read: 1, deleted: 0, gone: missing, differences: [] });
    expect(await runsOf(target)).toEqual(before);
  });

  test('a run that was deleted between two plain copies stays at a cut-over, and is told', async () => {
    const source = await filled(3);
    const target = openMemoryStore();
    const runs = await storeSource(source);
    await copyRuns(runs, target);
    await source.write([{ kind: 'delete', id: gone.id, expect: {} }], { atomic: true });
    await copyRuns(runs, target);
    const cutOver = { when: stopped, movedTo: 'elsewhere' };
    const report = await followCopy(source, target, { stop: never, cutOver });
    expect(report).toMatchObject({ isMoved: true, differences: [], gone: [gone.id] });
  });

  test('what the source keeps put aside of others and was mended there is forgotten, once it came from here', async () => {
    const source = await filled(1);
    const target = openMemoryStore();
    await source.quarantine([
      unreadable('file:/runs', 'a.json'),
      unreadable('file:/runs', 'b.json'),
    ]);
    await target.quarantine([unreadable('file:/runs', 'own.json')]);
    await followCopy(source, target, { stop: stopped });
    await source.releaseQuarantined('file:/runs', ['a.json']);
    await followCopy(source, target, { stop: stopped });
    const names = (await target.quarantined()).map(({ name }) => name);
    expect(names.sort()).toEqual(['b.json', 'own.json']);
  });

  test('what was put aside and is gone from the source is forgotten', async () => {
    const source = await filled(1);
    const target = openMemoryStore();
    const { origin } = await storeSource(source);
    await source.quarantine([unreadable(origin, 'a.json'), unreadable(origin, 'b.json')]);
    await followCopy(source, target, { stop: stopped });
    await source.releaseQuarantined(origin, ['a.json']);
    const { setAside } = await followCopy(source, target, { stop: stopped });
    expect(setAside.map((one) => one.source)).toEqual(['b.json']);
    expect((await target.quarantined()).map(({ name }) => name)).toEqual(['b.json']);
  });
});
