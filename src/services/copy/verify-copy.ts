import { digestOf } from '../../domain/canonical.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { type ExpectedDigest, unpackDigests } from './packed-digests.ts';
import { pastDigests } from './past-digests.ts';

/** What verification found. */
export interface CopyVerdict {
  /** Runs that are there as they should be. */
  verified: number;
  /** Ids of those that are not. */
  differences: string[];
}

/**
 * Reads every run back and computes its digest anew: the digest that the store keeps beside it could
 * be right while the run is not. Works in the batches in which it was written; `onBatch` is told how
 * many entries are done, and what it throws ends the verification.
 */
export async function verifyCopy(
  target: RunStore,
  expected: readonly Uint8Array[],
  onBatch: (done: number) => void,
): Promise<CopyVerdict> {
  let verified = 0;
  let done = 0;
  // A run may have been written twice: the later entry says how it must look.
  const suspects = new Map<string, string | null>();
  for (const packed of expected) {
    const entries = unpackDigests(packed);
    const runs = await target.read(entries.map(([id]) => id));
    for (const [id, digest] of entries) {
      const run = runs.get(id);
      const isRight = digest === (run ? digestOf(run) : null);
      if (isRight) suspects.delete(id);
      else suspects.set(id, digest);
      if (isRight && digest !== null) verified += 1;
    }
    done += entries.length;
    onBatch(done);
  }
  const differences: string[] = [];
  for (const entry of suspects) {
    if (!(await wasEditedSince(target, entry))) differences.push(entry[0]);
  }
  return { verified, differences };
}

/** True when the run is not as it was copied because somebody changed it afterwards, soundly. */
async function wasEditedSince(target: RunStore, [id, digest]: ExpectedDigest): Promise<boolean> {
  const run = (await target.read([id])).get(id);
  const last = (await target.lastChanges([id])).get(id);
  if (last === undefined || last.digest !== (run ? digestOf(run) : null)) return false;
  return (
    digest === null || (last.digest !== digest && (await pastDigests(target, id)).includes(digest))
  );
}
