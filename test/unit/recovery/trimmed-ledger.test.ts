import { describe, expect } from 'vitest';
import { makeRun } from '../../../src/conformance/make-run.ts';
import { deletion, put } from '../../../src/conformance/operations.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { rewind } from '../../../src/services/recovery/rewind.ts';
import { readRunHistory } from '../../../src/services/recovery/run-history.ts';
import { runsOf } from '../../support/list-source.ts';
import { testWhere } from '../../support/test-where.ts';
import { KINDS, type Kind, openFresh } from '../../through/support/kinds.ts';

const ONE = { atomic: true };
const FIRST_MS = Date.parse('2026-03-01T12:00:00.000Z');
const DAY_MS = 86_400_000;

/** The time of a day, on which something happens in the store. */
function day(number: number): string {
  return new Date(FIRST_MS + number * DAY_MS).toISOString();
}

/** A run that was changed on each of five days, and another one that was deleted on the fourth. */
async function storeOfFiveDays(kind: Kind): Promise<RunStore> {
  let today = 0;
  const store = await openFresh(kind, () => Date.parse(day(today)));
  for (; today < 5; today += 1) {
    const writes = [put(makeRun(1, { tags: [`day ${today}`] }))];
    if (today === 1) writes.push(put(makeRun(2)));
    await store.write(writes, ONE);
    if (today === 3) await store.write([deletion(makeRun(2).id)], ONE);
  }
  await store.catchUpSearch(100);
  return store;
}

async function tagsIn(store: RunStore) {
  return (await runsOf(store)).map(({ id, tags }) => [id, tags]);
}

for (const kind of Object.values<Kind>(KINDS)) {
  const test = testWhere(kind.missing ?? null);
  describe(`a trimmed ledger: ${kind.name}`, () => {
    test('goes back to its tail, and not further', async () => {
      const store = await storeOfFiveDays(kind);
      await store.trimLedger(day(2), 100);
      await expect(rewind(store, { time: day(1) })).rejects.toMatchObject({
        code: 'POSITION_UNKNOWN',
        message: `The ledger reaches back to ${day(2)}, and not to that moment.`,
      });
      await rewind(store, { time: day(2) });
      expect(await tagsIn(store)).toEqual([
        [makeRun(1).id, ['day 2']],
        [makeRun(2).id, undefined],
      ]);
      const history = await readRunHistory(store, makeRun(1).id);
      expect(history.map(({ operation, at }) => [operation, at]).slice(0, 3)).toEqual([
        ['update', day(2)],
        ['update', day(3)],
        ['update', day(4)],
      ]);
      await store.close();
    });

    test('that is trimmed while the store goes back has that refused', async () => {
      const store = await storeOfFiveDays(kind);
      const before = await tagsIn(store);
      const trimmed: RunStore = {
        ...store,
        // After what is to be undone was read, and before it is.
        async begin() {
          await store.trimLedger(day(4), 100);
          return store.begin();
        },
      };
      const call = rewind(trimmed, { time: day(2) });
      await expect(call).rejects.toMatchObject({ code: 'POSITION_UNKNOWN' });
      expect(await tagsIn(store)).toEqual(before);
      await store.close();
    });
  });
}
