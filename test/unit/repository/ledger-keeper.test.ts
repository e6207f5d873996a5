import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { searchAll } from '../../../src/conformance/search-all.ts';
import { openRunRepository, openRunStore } from '../../../src/open-repository.ts';
import { guardRepository } from '../../../src/repository/guard/guarded-repository.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { runChild } from '../../support/child.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { testWhere } from '../../support/test-where.ts';
import { KINDS, type Kind, openFresh } from '../../through/support/kinds.ts';

const CLOSE_WHILE_TRIMMING = fileURLToPath(
  new URL('support/close-while-trimming.ts', import.meta.url),
);
const FIRST_MS = Date.parse('2026-03-01T12:00:00.000Z');
const DAY_MS = 86_400_000;
const KEPT_DAYS = 30;
const KEEPING = { keepLedgerMs: KEPT_DAYS * DAY_MS };

const day = (number: number) => new Date(FIRST_MS + number * DAY_MS).toISOString();

/** A store with many runs of its first day, of which the search index has seen nothing. */
async function oldStore(store: RunStore, runs: number): Promise<void> {
  await guardRepository(store, { now: () => FIRST_MS }).saveMany(makeRuns(runs));
}

/** Waits for something that happens in the background. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function daysIn(store: RunStore): Promise<string[]> {
  return (await store.changes(null, 1_000)).map(({ at }) => at);
}

describe('a ledger that is kept for thirty days', () => {
  for (const kind of Object.values<Kind>(KINDS)) {
    testWhere(kind.missing ?? null)(`forgets what is older: ${kind.name}`, async () => {
      let now = FIRST_MS;
      const store = await openFresh(kind, () => now);
      await oldStore(store, 450);
      const repository = guardRepository(store, { ...KEEPING, now: () => now });
      now = FIRST_MS + KEPT_DAYS * DAY_MS;
      await repository.save(makeRun(1000));
      now += DAY_MS;
      await repository.save(makeRun(1001));
      // In pieces, until it is done, without another write.
      await until(async () => (await daysIn(store)).length === 2);
      expect(await daysIn(store)).toEqual([day(KEPT_DAYS), day(KEPT_DAYS + 1)]);
      expect(await searchAll({ repository, store }, 'prompt')).toHaveLength(452);
      await repository.close();
    });
  }

  test('is trimmed by a piece where a process ends after its first write', async () => {
    const target = `sqlite:${join(temporaryFolder(), 'runs.db')}`;
    const first = await openRunStore(target, { now: () => FIRST_MS });
    await oldStore(first, 450);
    while ((await first.catchUpSearch(1_000)) > 0);
    await first.close();
    const left: number[] = [];
    for (const number of [1000, 1001, 1002]) {
      const repository = await openRunRepository(target);
      await repository.save(makeRun(number));
      await repository.close();
      const store = await openRunStore(target);
      left.push((await store.changes(null, 1_000)).length);
      await store.close();
    }
    // It is one transaction: its rest goes without being seen.
    expect(left).toEqual([1, 2, 3]);
  });

  test('is left alone where it is kept for ever', async () => {
    const database = join(temporaryFolder(), 'runs.db');
    const old = await openRunRepository(`sqlite:${database}`, { now: () => FIRST_MS });
    await old.save(makeRun(1));
    await old.close();
    const lengths: number[] = [];
    for (const keep of ['forever', '365d', undefined]) {
      const configuration = { type: 'sqlite', database, keep } as const;
      const now = () => FIRST_MS + (KEPT_DAYS + 1) * DAY_MS;
      const repository = await openRunRepository(configuration, { now });
      await repository.save(makeRun(2 + lengths.length));
      await repository.close();
      const store = await openRunStore(configuration);
      lengths.push((await store.changes(null, 10)).length);
      await store.close();
    }
    expect(lengths).toEqual([2, 3, 3]);
  });

  test('that cannot be trimmed keeps nobody from writing', async () => {
    const store = openMemoryStore({ now: () => FIRST_MS });
    await oldStore(store, 3);
    const failing = {
      ...store,
      trimLedger: () => Promise.reject(new Error('no room for a journal')),
    };
    const warned = new Promise<Error>((resolve) => {
      process.once('warning', resolve);
    });
    const repository = guardRepository(failing, { ...KEEPING, now: Date.now });
    expect(await repository.save(makeRun(9))).toMatchObject({ result: 'inserted' });
    expect((await warned).message).toContain('could not be trimmed: ');
    await repository.close();
  });

  test('is left between two pieces by a process that closes its repository', async () => {
    const child = await runChild([process.execPath, CLOSE_WHILE_TRIMMING]);
    expect(child).toMatchObject({ code: 0, stdout: 'closed\n', stderr: '' });
  });

  test('is looked at once an hour, and not in a transaction', async () => {
    let now = FIRST_MS;
    const store = openMemoryStore({ now: () => now });
    let looks = 0;
    const watched: RunStore = {
      ...store,
      async changes(...given) {
        looks += 1;
        return store.changes(...given);
      },
    };
    const repository = guardRepository(watched, { ...KEEPING, now: () => now });
    await repository.transaction(async (transaction) => {
      await transaction.save(makeRun(1));
      expect(looks).toBe(0);
    });
    for (let minute = 0; minute < 120; minute += 1) {
      await repository.save(makeRun(2, { tags: [String(minute)] }));
      now += 60_000;
    }
    await repository.close();
    expect(looks).toBe(2);
  });
});
