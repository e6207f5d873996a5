import { digestOf } from '../../domain/canonical.ts';
import type { StoredRun } from '../../domain/run.ts';
import { RunledgerError } from '../../repository/errors.ts';
import type { SourceItem } from '../../repository/run-source.ts';
import type { HistoryEntry, LedgerEntry } from '../../repository/run-store.ts';
import { ChangesAround, type LaterChanges } from '../recovery/later-changes.ts';
import { runBefore } from '../recovery/run-before.ts';
import type { BackupFile } from './backup-file.ts';
import type { BackupRecord, BrokenRecord } from './backup-record.ts';
import { RunSpill } from './run-spill.ts';

/** So many runs that were changed are held at once, until there are as many parts as files may be open. */
const RUNS_IN_PART = 1_000;
const MOST_PARTS = 400;

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
    // The order of the ledger is all that is asked of it; what else it says would only take memory.
    const { overwrote: _, ...change } = record.change;
    const entry = { ...change, digest: null, origin: null };
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

/**
 * What a chain holds, as sources give it, with the runs that were changed later as they were before. Those
 * are put on disk first, in an empty folder, because what is needed of a run lies far apart in the chain;
 * memory holds the ids of all that were changed, and what concerns some of them.
 */
export async function* itemsBefore(
  later: LaterChanges,
  read: ReadChain,
  folder: string,
  runsInPart = RUNS_IN_PART,
): AsyncGenerator<SourceItem, void, void> {
  const { runIds } = later;
  const parts = Math.min(MOST_PARTS, Math.ceil(runIds.size / runsInPart));
  const spill = await RunSpill.open(folder, parts);
  try {
    for await (const { record, isCurrent } of read('run', 'set-aside', 'change')) {
      if (record.kind === 'change') {
        const { runId } = record.change;
        if (runIds.has(runId)) await spill.add(runId, record);
      } else if (record.kind === 'run' && isCurrent) {
        if (runIds.has(record.run.id)) await spill.add(record.run.id, record);
        else yield itemOf(record);
      } else if (record.kind === 'set-aside' && isCurrent) yield record;
    }
    for await (const part of spill.parts()) {
      for await (const run of formerRuns(part, later)) {
        yield itemOf({ run, digest: digestOf(run) });
      }
    }
  } finally {
    await spill.close();
  }
}

/** A run as sources give it. */
export function itemOf({ run, digest }: { run: StoredRun; digest: string }): SourceItem {
  return { kind: 'run', name: run.id, run, digest };
}

/** What is known of a run that was changed later. */
interface Known {
  now: StoredRun | null;
  changes: HistoryEntry[];
  kept: HistoryEntry | undefined;
}

async function* formerRuns(
  records: AsyncIterable<BackupRecord>,
  { transactions }: LaterChanges,
): AsyncGenerator<StoredRun, void, void> {
  const known = new Map<string, Known>();
  const about = (id: string): Known => {
    const one = known.get(id) ?? { now: null, changes: [], kept: undefined };
    known.set(id, one);
    return one;
  };
  for await (const record of records) {
    if (record.kind === 'run') about(record.run.id).now = record.run;
    if (record.kind !== 'change') continue;
    const { change } = record;
    if (transactions.has(change.transaction)) about(change.runId).changes.push(change);
    else about(change.runId).kept = change;
  }
  for (const { now, changes, kept } of known.values()) {
    const run = runBefore(now, changes, kept);
    if (run !== null) yield run;
  }
}
