import { describe, expect, test } from 'vitest';
import { makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { RunledgerError } from '../../../src/repository/errors.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { knownCopies } from '../../../src/services/copy/copy-state.ts';
import {
  type FollowOptions,
  type FollowProgress,
  followCopy,
} from '../../../src/services/copy/follow-copy.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { edit, runsOf, unreadable } from '../../support/list-source.ts';

async function filled(count: number): Promise<RunStore> {
  const store = openMemoryStore();
  for (const run of makeRuns(count)) await edit(store, run);
  return store;
}

const stopped = AbortSignal.abort();
const never = new AbortController().signal;
const changed = makeRun(1, { branch: 'changed' });

/** Follows until the callback, which is told of each sign of progress, says that it is enough. */
async function followUntil(
  [source, target]: [RunStore, RunStore],
  isEnough: (progress: FollowProgress) => boolean | Promise<boolean>,
  options: Partial<FollowOptions> = {},
) {
  const control = new AbortController();
  return await followCopy(source, target, {
    stop: control.signal,
    onFollow: async (progress) => {
      if (await isEnough(progress)) control.abort();
    },
    ...options,
  });
}

describe('a store that follows another', () => {
  test('gets what is inserted, changed and deleted, each read back', async () => {
    const source = await filled(3);
    const target = openMemoryStore();
    let signs = 0;
    const report = await followUntil([source, target], async ({ report: { read } }) => {
      signs += 1;
      if (signs === 1) {
        await edit(source, makeRun(9, { startedAt: '2020-01-01T00:00:00.000Z' }));
        await edit(source, changed);
        await source.write([{ kind: 'delete', id: makeRun(2).id, expect: {} }], { atomic: true });
      }
      return read === 5;
    });
    expect(report).toMatchObject({ verified: 5, deleted: 1, differences: [], isMoved: false });
    expect(await runsOf(target)).toEqual(await runsOf(source));
  });

  test('goes on where it was, and takes what could not be read at its end', async () => {
    const source = await filled(3);
    const target = openMemoryStore();
    await followCopy(source, target, { stop: stopped });
    await edit(source, changed);
    await source.quarantine([unreadable('file:/runs', 'a.json')]);
    const report = await followCopy(source, target, { stop: stopped });
    const since = { read: 1, written: 1, verified: 1 };
    expect(report).toMatchObject({ ...since, isResumed: false, differences: [] });
    expect(report.setAside).toHaveLength(1);
    expect(await target.quarantined()).toHaveLength(1);
  });

  test('waits for a source that cannot be reached, and for no other failure', async () => {
    const source = await filled(2);
    const problems: (string | null)[] = [];
    const fails = (code: 'UNREACHABLE' | 'CORRUPT') => {
      let calls = 0;
      return {
        ...source,
        async changes(...given: Parameters<RunStore['changes']>) {
          calls += 1;
          if (calls === 3) throw new RunledgerError(code, 'It is away.');
          return await source.changes(...given);
        },
      };
    };
    await followUntil([fails('UNREACHABLE'), openMemoryStore()], ({ problem }) => {
      problems.push(problem);
      return problems.length === 3;
    });
    expect(problems).toEqual([null, 'It is away.', null]);
    const other = followUntil([fails('CORRUPT'), openMemoryStore()], () => false);
    await expect(other).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  test('never overwrites what was changed in it alone', async () => {
    const source = await filled(2);
    const target = openMemoryStore();
    await followCopy(source, target, { stop: stopped });
    await edit(target, { ...changed, branch: 'mine' });
    await edit(source, changed);
    const report = await followCopy(source, target, { stop: stopped });
    expect(report).toMatchObject({ differences: [changed.id], conflicts: [changed.id] });
    await edit(target, changed);
    await edit(source, { ...changed, branch: 'newer' });
    const settled = await followCopy(source, target, { stop: stopped });
    expect(settled).toMatchObject({ differences: [], conflicts: [] });
  });
});

describe('a cut-over', () => {
  const cutOver = { when: stopped, movedTo: 'postgres://elsewhere' };

  test('fences the source, and then the two are equal', async () => {
    const source = await filled(700);
    const target = openMemoryStore();
    const calls: string[] = [];
    const report = await followCopy(source, target, {
      stop: never,
      cutOver,
      onFence: () => calls.push('fenced'),
    });
    expect(report).toMatchObject({ read: 700, verified: 700, differences: [], isMoved: true });
    expect(calls).toEqual(['fenced']);
    await expect(edit(source, changed)).rejects.toMatchObject({ code: 'MOVED' });
    expect(await source.movedTo()).toBe('postgres://elsewhere');
    expect(await runsOf(target)).toEqual(await runsOf(source));
    expect(await knownCopies(target)).toMatchObject([{ finishedAt: expect.any(String) }]);
  });

  test('is made again after one that ended before everything was there', async () => {
    const source = await filled(3);
    const target = openMemoryStore();
    await source.fence('postgres://elsewhere');
    const report = await followCopy(source, target, { stop: never, cutOver });
    expect(report).toMatchObject({ verified: 3, isMoved: true });
  });

  test('takes what is written while it is under way', async () => {
    const source = await filled(3);
    const target = openMemoryStore();
    const racing: RunStore = {
      ...source,
      async fence(movedTo) {
        await edit(source, changed);
        return await source.fence(movedTo);
      },
    };
    const report = await followCopy(racing, target, { stop: never, cutOver });
    expect(report).toMatchObject({ verified: 3, differences: [], isMoved: true });
    expect(await runsOf(target)).toEqual(await runsOf(source));
  });

  test('is not made where the two sides differ', async () => {
    const source = await filled(3);
    const target = openMemoryStore();
    await edit(target, { ...changed, branch: 'mine' });
    const report = await followCopy(source, target, { stop: never, cutOver });
    expect(report).toMatchObject({ differences: [changed.id], isMoved: false });
    expect(await source.movedTo()).toBeNull();
  });

  test('tells what is missing in the target at the very end', async () => {
    const source = await filled(3);
    const target = openMemoryStore();
    const lossy: RunStore = {
      ...target,
      async read(ids, how) {
        const runs = await target.read(ids, how);
        if ((await source.movedTo()) !== null) runs.delete(changed.id);
        return runs;
      },
    };
    const report = await followCopy(source, lossy, { stop: never, cutOver });
    expect(report).toMatchObject({ differences: [changed.id], verified: 2, isMoved: true });
  });

  test('is left undone by whoever stops before', async () => {
    const source = await filled(3);
    const report = await followCopy(source, openMemoryStore(), { stop: stopped, cutOver });
    expect(report.isMoved).toBe(false);
    expect(await source.movedTo()).toBeNull();
  });
});

describe('a cut-over and Ctrl-C', () => {
  test('shortly before the source is closed, it stays open', async () => {
    const source = await filled(3);
    const stop = new AbortController();
    let passes = 0;
    const slow: RunStore = {
      ...source,
      async changes(...given) {
        passes += 1;
        if (passes === 2) stop.abort();
        return await source.changes(...given);
      },
    };
    const cutOver = { when: stopped, movedTo: 'elsewhere' };
    const report = await followCopy(slow, openMemoryStore(), { stop: stop.signal, cutOver });
    expect(passes).toBeGreaterThanOrEqual(2);
    expect(report.isMoved).toBe(false);
    expect(await source.movedTo()).toBeNull();
  });

  test('while a server is away: what there is is told', async () => {
    const source = await filled(3);
    const stop = new AbortController();
    let isAway = false;
    const flaky: RunStore = {
      ...source,
      async changes(...given) {
        if (isAway) throw new RunledgerError('UNREACHABLE', 'It is away.');
        return await source.changes(...given);
      },
    };
    const report = await followCopy(flaky, openMemoryStore(), {
      stop: stop.signal,
      onFollow: ({ problem }) => {
        if (problem !== null) stop.abort();
        isAway = true;
      },
    });
    expect(report).toMatchObject({ read: 3, verified: 3, isMoved: false });
  });
});

test('what could not be read back for a moment is verified all the same', async () => {
  const source = await filled(1);
  const target = openMemoryStore();
  let isAway = false;
  const flaky: RunStore = {
    ...target,
    async read(...given) {
      if (isAway) {
        isAway = false;
        throw new RunledgerError('UNREACHABLE', 'It is away.');
      }
      return await target.read(...given);
    },
  };
  let signs = 0;
  const report = await followUntil([source, flaky], async ({ problem }) => {
    signs += 1;
    if (signs === 1) {
      await edit(source, changed);
      isAway = true;
    }
    return signs > 1 && problem === null;
  });
  expect(report).toMatchObject({ read: 2, verified: 2 });
});
