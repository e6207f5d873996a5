import assert from 'node:assert/strict';
import fc from 'fast-check';
import { digestOf } from '../../../src/domain/canonical.ts';
import { isRunledgerError } from '../../../src/repository/errors.ts';
import { encodePosition } from '../../../src/repository/position.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import type { Moment } from '../../../src/services/recovery/later-changes.ts';
import { rewind } from '../../../src/services/recovery/rewind.ts';
import { runsOf } from '../../support/list-source.ts';
import type { Extent } from './lockstep.ts';
import { anyHistory } from './operation.ts';
import { type OpenStore, World } from './world.ts';

/** What a store held at a moment. */
interface Seen {
  position: string;
  /** The time of the newest change; null before the first one. */
  at: string | null;
  /** The digest of each run. */
  runs: Map<string, string>;
}

async function look(store: RunStore): Promise<Seen> {
  const position = await store.position();
  const changes = await store.changes(null, 10_000);
  return {
    position: encodePosition(position),
    at: changes.at(-1)?.at ?? null,
    runs: new Map((await runsOf(store)).map((run) => [run.id, digestOf(run)])),
  };
}

/**
 * Fails unless a store goes back to every moment of random histories that it is asked for, by position
 * and by time: what it then holds is what was seen at that moment. A rewind is gone back over, too. Of
 * some, the ledger is trimmed before: moments that are older may then be refused, and no others.
 */
export async function assertRewinds(
  open: OpenStore,
  { histories, operations }: Extent,
): Promise<void> {
  const property = fc.asyncProperty(
    anyHistory(operations),
    fc.array(fc.record({ choice: fc.nat(), isByTime: fc.boolean() }), {
      minLength: 1,
      maxLength: 4,
    }),
    fc.option(fc.nat()),
    async (history, targets, trimmed) => {
      const world = await World.open(open);
      const { store } = world;
      try {
        const moments = [await look(store)];
        for (const operation of history) {
          await world.apply(operation);
          moments.push(await look(store));
        }
        const before = trimmed === null ? '' : (moments[trimmed % moments.length]?.at ?? '');
        await trim(store, before);
        for (const { choice, isByTime } of targets) {
          const chosen = moments[choice % moments.length] as Seen;
          try {
            await goBack(store, moments, chosen, isByTime && chosen.at !== null);
          } catch (error) {
            if (!isRunledgerError(error, 'POSITION_UNKNOWN')) throw error;
            assert.ok((chosen.at ?? '') < before, `${chosen.at} was refused, trimmed to ${before}`);
          }
          moments.push(await look(store));
        }
      } finally {
        await world.repository.close();
      }
    },
  );
  await fc.assert(property, { numRuns: histories });
}

/** Forgets what is older, a few changes at a time. */
async function trim(store: RunStore, before: string): Promise<void> {
  if (before === '') return;
  while ((await store.catchUpSearch(100)) > 0);
  while ((await store.trimLedger(before, 3)) > 0);
}

async function goBack(store: RunStore, moments: Seen[], chosen: Seen, isByTime: boolean) {
  const before = await look(store);
  const moment: Moment = isByTime ? { time: chosen.at ?? '' } : { change: chosen.position };
  // Where the clock stood still or went back, several moments have one time: the last of them counts.
  const wanted = isByTime ? moments.findLast(({ at }) => at === chosen.at) : chosen;
  const { runs } = await rewind(store, moment, { isDryRun: true });
  assert.deepEqual(await look(store), before, 'a dry run changed something');
  const differing = [...new Set([...before.runs.keys(), ...(wanted?.runs.keys() ?? [])])].filter(
    (id) => before.runs.get(id) !== wanted?.runs.get(id),
  );
  assert.deepEqual(
    runs.map(({ id }) => id),
    differing.sort(),
  );
  assert.deepEqual((await rewind(store, moment)).runs, runs);
  assert.deepEqual((await look(store)).runs, wanted?.runs);
}
