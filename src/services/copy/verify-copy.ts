import { setImmediate } from 'node:timers/promises';
import { digestOf } from '../../domain/canonical.ts';
import type { StoredRun } from '../../domain/run.ts';
import { pastDigests } from '../../repository/past-digests.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { WorkUnderWay } from '../../repository/work-under-way.ts';
import type { ExpectedDigest } from './packed-digests.ts';

/** What verification found. */
export interface CopyVerdict {
  /** Runs that are there as they should be. */
  verified: number;
  /** Ids of those that are not. */
  differences: string[];
}

interface ReadBack {
  entries: ExpectedDigest[];
  runs: Map<string, StoredRun>;
}

/**
 * Reads every run back and computes its digest anew: the digest that the store keeps beside it could
 * be right while the run is not. Works in the batches that it is given; `onBatch` is told how many entries
 * are done, and what it throws ends the verification.
 */
export async function verifyCopy(
  target: RunStore,
  expected: Iterable<ExpectedDigest[]> | AsyncIterable<ExpectedDigest[]>,
  onBatch: (done: number) => void,
): Promise<CopyVerdict> {
  let verified = 0;
  let done = 0;
  const suspects: ExpectedDigest[] = [];
  const reads = new WorkUnderWay<ReadBack>(async ({ entries, runs }) => {
    for (const [id, digest] of entries) {
      const run = runs.get(id);
      const isRight = digest === (run ? digestOf(run) : null);
      if (!isRight) suspects.push([id, digest]);
      else if (digest !== null) verified += 1;
    }
    done += entries.length;
    // Signals arrive between two turns of the event loop, and stores may work synchronously.
    await setImmediate();
    onBatch(done);
  });
  try {
    for await (const entries of expected) {
      const ids = entries.map(([id]) => id);
      await reads.begin(ids, async () => ({
        entries,
        runs: await target.read(ids, { asKept: true }),
      }));
    }
  } finally {
    await reads.end();
  }
  const differences: string[] = [];
  for (const entry of suspects) {
    if (!(await wasEditedSince(target, entry))) differences.push(entry[0]);
  }
  return { verified, differences };
}

/**
 * True when the run is not as this entry says because it was changed afterwards, by a later entry or
 * by somebody else: it is what its newest change made of it, and was once what it should be.
 */
async function wasEditedSince(target: RunStore, [id, digest]: ExpectedDigest): Promise<boolean> {
  const run = (await target.read([id], { asKept: true })).get(id);
  const last = (await target.lastChanges([id])).get(id);
  if (last === undefined || last.digest !== (run ? digestOf(run) : null)) return false;
  return digest === null || (await pastDigests(target, id)).includes(digest);
}
