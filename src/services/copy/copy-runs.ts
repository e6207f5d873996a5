import type { RunSource } from '../../repository/run-source.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { catchUpSearch } from './catch-up-search.ts';
import type { CopyOptions, CopyReport } from './copy-report.ts';
import { RunningCopy } from './running-copy.ts';

/**
 * Copies everything that a source holds into a store: new runs are inserted with the versions and
 * times they have, equal ones left as they are, so that a second copy changes nothing.
 *
 * A run that differs on the other side is replaced where its content is a past state of the source's
 * run; it is left, and counts as unchanged, where the source's content is a past state of its own.
 * A source that does not know all of the past, such as a folder, is the truth about what was copied from
 * it: what a copy from this same origin wrote, and nobody edited since, follows it, also when a file is
 * put back to an earlier state. Anything else is a conflict: left alone and named in `differences`, unless
 * `onConflict` says whose state stays.
 *
 * A run that somebody deleted on the other side stays deleted, and counts as unchanged, until the
 * source has it in a state that the other side never had. A run that is gone from the source stays.
 *
 * What could not be read goes into the store's quarantine, and so does what the source keeps in its own.
 * What is kept there of this origin under a name that was now read as a run is released. What is gone
 * from the source is kept.
 *
 * The target keeps how far the copy is, batch by batch. One that ended early, even with its process, is
 * gone on with by the next from the same origin, where the source gives marks; what came before is
 * compared with the source at the end.
 *
 * At the end everything is made safe from a power cut, every run is read back and its digest
 * computed anew, and the search index catches up. Rejects with the failure of either side, or with
 * the signal's reason: whole batches are then on the other side, and a new copy goes on from there.
 * Memory holds three batches, two of which are being written, and 48 bytes for each run. Between batches
 * the event loop turns, so that a store that works synchronously does not keep a signal waiting.
 */
export async function copyRuns(
  source: RunSource,
  target: RunStore,
  options: CopyOptions = {},
): Promise<CopyReport> {
  const copy = await RunningCopy.begin(source, target, options);
  await copy.pass();
  await copy.verify();
  await catchUpSearch(target, options);
  return copy.finish();
}
