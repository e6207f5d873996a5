import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { RunStore } from '../../../src/repository/run-store.ts';
import type { BackupFile } from '../../../src/services/backup/backup-file.ts';
import type { BackupFormatName } from '../../../src/services/backup/backup-manifest.ts';
import { chooseBackup } from '../../../src/services/backup/choose-backup.ts';
import { heldBy, idsIn, restored, takeBackup } from '../../backup/support/backups.ts';
import type { Extent } from './lockstep.ts';
import { anyHistory, type Operation } from './operation.ts';
import { type OpenStore, World } from './world.ts';

/** What a store held at a moment. */
interface Seen {
  /** The time of the newest change; null before the first one. */
  at: string | null;
  runs: Map<string, string>;
}

/** A backup that is made after so many operations, and what is done while it is made. */
interface Taken {
  after: number;
  isIncrement: boolean;
  format: BackupFormatName;
  meanwhile: Operation[];
}

async function look(store: RunStore): Promise<Seen> {
  const changes = await store.changes(null, 10_000);
  return { at: changes.at(-1)?.at ?? null, runs: await heldBy(store) };
}

/** The calls by which a backup reads: once it has its moment, something is done after each of them. */
const READS = ['page', 'read', 'changes', 'history', 'pastChanges'] as const;

function meddling(store: RunStore, happens: () => Promise<void>): RunStore {
  let hasMoment = false;
  const calls = READS.map((name) => [
    name,
    async (...given: unknown[]) => {
      const answer = await (store[name] as (...given: unknown[]) => Promise<unknown>)(...given);
      if (hasMoment) await happens();
      return answer;
    },
  ]);
  const position: RunStore['position'] = async (options) => {
    hasMoment = true;
    return await store.position(options);
  };
  return { ...store, ...Object.fromEntries(calls), position };
}

/**
 * A clock that is set back makes a time stand for several moments: which backup of a folder reaches it
 * can then not be told by when they were taken.
 */
function onwards<T extends Operation>(history: readonly T[]): T[] {
  return history
    .filter((operation) => operation.do !== 'set the clock' || operation.byMs > 0)
    .map((operation) =>
      operation.do === 'transaction'
        ? { ...operation, operations: onwards(operation.operations) }
        : operation,
    );
}

/**
 * Fails unless each backup of random histories, made while the history goes on, restores what was there
 * when it began, and the backups together every moment that is asked for.
 */
export async function assertBackups(
  open: OpenStore,
  { histories, operations, formats }: Extent & { formats: readonly BackupFormatName[] },
): Promise<void> {
  const anyBackup: fc.Arbitrary<Taken> = fc.record({
    after: fc.nat({ max: operations }),
    isIncrement: fc.boolean(),
    format: fc.constantFrom(...formats),
    meanwhile: anyHistory(6).map(onwards),
  });
  const property = fc.asyncProperty(
    anyHistory(operations).map(onwards),
    fc.array(anyBackup, { minLength: 1, maxLength: 3 }),
    fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
    async (history, backups, choices) => {
      const folder = mkdtempSync(join(tmpdir(), 'runledger-backups-'));
      let now = () => 0;
      const world = await World.open((clock) => {
        now = clock;
        return open(clock);
      });
      try {
        const moments: Seen[] = [];
        let latest: BackupFile | null = null;
        const apply = async (operation: Operation) => {
          await world.apply(operation);
          moments.push(await look(world.store));
        };
        const take = async ({ isIncrement, format, meanwhile }: Omit<Taken, 'after'>) => {
          const before = await look(world.store);
          const store = meddling(world.store, async () => {
            const operation = meanwhile.shift();
            if (operation !== undefined) await apply(operation);
          });
          const since = isIncrement ? latest : null;
          latest = await takeBackup(store, folder, { format, since, now });
          const ids = await idsIn(latest);
          assert.equal(new Set(ids).size, ids.length, 'a run is in it twice');
          assert.deepEqual(await restored(latest.path), before.runs, 'what was there at its start');
        };
        for (const [index, operation] of history.entries()) {
          for (const one of backups) {
            if (one.after === index) await take({ ...one, meanwhile: [...one.meanwhile] });
          }
          await apply(operation);
        }
        // Later than everything: the backup of all moments that no earlier one reaches.
        await world.apply({ do: 'set the clock', byMs: 86_400_000 });
        await take({ isIncrement: true, format: 'ndjson', meanwhile: [] });
        for (const choice of choices) {
          const { at } = moments[choice % moments.length] ?? { at: null };
          if (at === null) continue;
          const wanted = moments.findLast((moment) => moment.at !== null && moment.at <= at);
          const { chain } = await chooseBackup(folder, at, {});
          assert.deepEqual(
            await restored(chain.at(-1)?.path ?? '', at),
            wanted?.runs,
            `what was there at ${at}`,
          );
        }
      } finally {
        await world.repository.close();
        rmSync(folder, { recursive: true });
      }
    },
  );
  await fc.assert(property, { numRuns: histories, endOnFailure: true });
}
