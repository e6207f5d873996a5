import { jsonSize } from '../../domain/json.ts';
import type { StoredRun } from '../../domain/run.ts';
import { RunledgerError } from '../../repository/errors.ts';
import type { HistoryEntry, LedgerEntry } from '../../repository/run-store.ts';
import { ChangesAround, type LaterChanges } from '../recovery/later-changes.ts';
import type { BackupFile } from './backup-file.ts';
import type { BackupRecord, BrokenRecord } from './backup-record.ts';
import { runBefore } from './run-before.ts';

/** So many characters of runs and changes are held at once; those of one run are held whole. */
const MOST_HELD = 64_000_000;

/**
 * Gives the records of all backups of a chain in their order. Current is what no later one has anew, and
 * what is broken, where that is let through.
 */
export type ReadChain = (
  ...kinds: BackupRecord['kind'][]
) => AsyncIterable<{ record: BackupRecord | BrokenRecord; isCurrent: boolean }>;

/**
 * What was changed after a moment, by the changes that a chain carries. Rejects with POSITION_UNKNOWN for
 * a moment that they do not reach back to, and for one after the backup was taken.
 */
export async function laterThan(
  chain: readonly BackupFile[],
  at: string,
  read: ReadChain,
): Promise<LaterChanges> {
  const newest = chain.at(-1);
  const takenAt = newest?.manifest.takenAt ?? '';
  if (at > takenAt)
    throw outOfReach(newest, `shows the runs as they were at ${takenAt}, and nothing later`);
  const changes = new ChangesAround(false);
  let isLater = false;
  let oldest: LedgerEntry | null = null;
  for await (const { record } of read('change')) {
    if (record.kind !== 'change') continue;
    const { overwrote: _, ...entry } = record.change;
    oldest ??= entry;
    isLater ||= entry.at > at;
    if (isLater) changes.addLater(entry);
    else changes.addBefore(entry);
  }
  const isReached = oldest === null ? hasNoRuns(chain) : oldest.at <= at;
  if (!isReached)
    throw outOfReach(newest, `reaches back to ${oldest?.at ?? takenAt}, and not to then`);
  return changes.settle();
}

function hasNoRuns(chain: readonly BackupFile[]): boolean {
  return chain.every(({ manifest }) => manifest.counts.runs === 0);
}

function outOfReach(backup: BackupFile | undefined, why: string): RunledgerError {
  return new RunledgerError('POSITION_UNKNOWN', `${backup?.path ?? 'The backup'} ${why}.`, {
    hint: 'Name a backup that was taken later, or a folder of them; verify shows how far each reaches.',
  });
}

/** What is known of a run while a chain is read. */
interface Held {
  now: StoredRun | null;
  changes: HistoryEntry[];
  kept: HistoryEntry | undefined;
}

/**
 * The runs that were changed later, as they were before. They are held in portions: each reads the whole
 * chain again, so memory does not grow with how much was changed. `mostHeld` counts characters of JSON.
 */
export async function* formerRuns(
  { runIds, transactions }: LaterChanges,
  read: ReadChain,
  mostHeld = MOST_HELD,
): AsyncGenerator<StoredRun, void, void> {
  const pending = new Set(runIds);
  while (pending.size > 0) {
    const held = new Map<string, Held>();
    let room = mostHeld;
    for await (const { record, isCurrent } of read('run', 'change')) {
      const id =
        record.kind === 'run' ? record.run.id : record.kind === 'change' ? record.change.runId : '';
      // Whoever is met first when there is no room any more waits for the next portion.
      if (!pending.has(id) || (room <= 0 && !held.has(id))) continue;
      const one = held.get(id) ?? { now: null, changes: [], kept: undefined };
      held.set(id, one);
      room -= jsonSize(record);
      if (record.kind === 'run' && isCurrent) one.now = record.run;
      if (record.kind !== 'change') continue;
      if (transactions.has(record.change.transaction)) one.changes.push(record.change);
      else one.kept = record.change;
    }
    for (const [id, { now, changes, kept }] of held) {
      const run = runBefore(now, changes, kept);
      if (run !== null) yield run;
      pending.delete(id);
    }
  }
}
