import { pastDigests } from '../../repository/past-digests.ts';
import type { RunSource } from '../../repository/run-source.ts';
import type { RunStore } from '../../repository/run-store.ts';
import type { WriteOperation, WriteOutcome } from '../../repository/write-operation.ts';
import { idOf, type SourceChange } from './batches.ts';
import { comparePasts, type Standing } from './compare-pasts.ts';
import type { ConflictWinner } from './copy-report.ts';
import type { ExpectedDigest } from './packed-digests.ts';

/** What became of a batch. */
export interface BatchResult {
  read: number;
  written: number;
  unchanged: number;
  deleted: number;
  /** Ids of runs that were changed on both sides. */
  conflicts: string[];
  /** Ids of runs that were left as the other side has them, though nobody decided that. */
  differences: string[];
  /** What the other side must have now. */
  expected: ExpectedDigest[];
}

/** A run that somebody else changes each time that it is to be replaced is left after so many times. */
const MOST_ATTEMPTS = 4;

/** Writes a batch with one change for each run, by the conflict rule that `copyRuns` tells. */
export async function writeBatch(
  source: RunSource,
  target: RunStore,
  changes: readonly SourceChange[],
  winner?: ConflictWinner,
): Promise<BatchResult> {
  const result: BatchResult = {
    read: changes.filter(({ kind }) => kind === 'run').length,
    written: 0,
    unchanged: 0,
    deleted: 0,
    conflicts: [],
    differences: [],
    expected: [],
  };
  if (changes.length === 0) return result;
  const wanted = await leaveDeleted(target, changes, result);
  // Nothing is overwritten at first: what differs on the other side comes back as a conflict, with
  // what was found, and is tried again only over exactly that.
  let refused = await write(source, target, wanted.map(overNothing), result);
  for (let attempt = 1; refused.length > 0 && attempt < MOST_ATTEMPTS; attempt += 1) {
    const settled = await settle(source, target, refused, { result, winner });
    refused = await write(source, target, settled, result);
  }
  for (const { change } of refused) result.differences.push(idOf(change));
  return result;
}

/**
 * Leaves out the runs that somebody deleted on the other side when they were as the source has them:
 * a second copy would bring them back. What a copy deleted, or nobody knows of, is written again.
 */
async function leaveDeleted(
  target: RunStore,
  changes: readonly SourceChange[],
  result: BatchResult,
): Promise<SourceChange[]> {
  const last = await target.lastChanges(changes.map(idOf));
  const wanted: SourceChange[] = [];
  for (const change of changes) {
    const id = idOf(change);
    const entry = last.get(id);
    const isDeletedByHand = entry?.operation === 'delete' && entry.origin === null;
    if (
      isDeletedByHand &&
      change.kind === 'run' &&
      (await pastDigests(target, id)).includes(change.digest)
    ) {
      result.unchanged += 1;
      result.expected.push([id, null]);
    } else wanted.push(change);
  }
  return wanted;
}

/** A change with the digests that it may overwrite. */
interface Attempt {
  change: SourceChange;
  over: readonly string[];
}

/** A change that was not written, and what the other side has instead. */
interface Refusal {
  change: SourceChange;
  found: string;
}

function overNothing(change: SourceChange): Attempt {
  return { change, over: [] };
}

/** Writes the changes and counts them; returns those that the other side has otherwise. */
async function write(
  { origin }: RunSource,
  target: RunStore,
  attempts: readonly Attempt[],
  result: BatchResult,
): Promise<Refusal[]> {
  if (attempts.length === 0) return [];
  const options = { atomic: false, origin, durability: 'bulk' } as const;
  const outcomes = await target.write(attempts.map(operationOf), options);
  return attempts.flatMap(({ change }, index) => {
    const outcome = outcomes[index];
    if (outcome?.result === 'conflict') return { change, found: outcome.found?.digest ?? '' };
    if (outcome !== undefined) count(change, outcome, result);
    return [];
  });
}

function operationOf({ change, over }: Attempt): WriteOperation {
  const expect = { digests: over };
  return change.kind === 'deleted'
    ? { kind: 'delete', id: change.id, expect }
    : { kind: 'put', run: change.run, digest: change.digest, expect, stamps: 'kept' };
}

function count(change: SourceChange, { result: done }: WriteOutcome, result: BatchResult): void {
  if (done === 'inserted' || done === 'updated') result.written += 1;
  if (done === 'unchanged') result.unchanged += 1;
  if (done === 'deleted') result.deleted += 1;
  result.expected.push([idOf(change), change.kind === 'run' ? change.digest : null]);
}

/** Decides what to do about each refusal: those returned may be written over what was found. */
async function settle(
  source: RunSource,
  target: RunStore,
  refused: readonly Refusal[],
  { result, winner }: { result: BatchResult; winner: ConflictWinner | undefined },
): Promise<Attempt[]> {
  const last = await target.lastChanges(refused.map(({ change }) => idOf(change)));
  const settled: Attempt[] = [];
  for (const refusal of refused) {
    const { change, found } = refusal;
    const id = idOf(change);
    const isOurCopy = last.get(id)?.origin === source.origin;
    const standing = await standingOf(source, target, refusal, isOurCopy);
    if (standing === 'apart') result.conflicts.push(id);
    if (standing === 'apart' && winner === undefined) result.differences.push(id);
    else if (standing === 'source is later' || (standing === 'apart' && winner === 'source')) {
      settled.push({ change, over: [found] });
    } else result.unchanged += 1;
  }
  return settled;
}

async function standingOf(
  source: RunSource,
  target: RunStore,
  { change, found }: Refusal,
  isOurCopy: boolean,
): Promise<Standing> {
  const { digests: past, isWhole } = await source.pastOf(idOf(change));
  // Who does not know all of the past cannot show where a run comes from; there its last writer is all
  // there is.
  if (!isWhole && isOurCopy) return 'source is later';
  if (change.kind === 'deleted') return past.includes(found) ? 'source is later' : 'apart';
  return comparePasts(
    { now: change.digest, past },
    { now: found, past: await pastDigests(target, change.run.id) },
  );
}
