import { setImmediate } from 'node:timers/promises';
import type { RunSource } from '../../repository/run-source.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { batches } from './batches.ts';
import type { CopyOptions, CopyReport } from './copy-report.ts';
import { packDigests } from './packed-digests.ts';
import { verifyCopy } from './verify-copy.ts';
import { writeBatch } from './write-batch.ts';

/** How many changes the search index takes up between two signs of progress. */
const INDEX_PIECE = 1_000;

/**
 * Copies everything that a source holds into a store: new runs are inserted with the versions and
 * times they have, equal ones left as they are, so that a second copy changes nothing.
 *
 * A run that differs on the other side is replaced where its content is a past state of the source's
 * run; it is left, and counts as unchanged, where the source's content is a past state of its own.
 * A source that does not know all of the past, such as a folder, is the truth about what was copied from
 * it: what a copy from this same origin wrote, and nobody edited since, follows it, also when a file is
 * put back to an earlier state. Anything else is a conflict: left alone and named in `differences`.
 *
 * A run that somebody deleted on the other side stays deleted, and counts as unchanged, until the
 * source has it in a state that the other side never had. A run that is gone from the source stays.
 *
 * What could not be read goes into the store's quarantine, and so does what the source keeps in its own.
 * What is kept there of this origin under a name that was now read as a run is released. What is gone
 * from the source is kept.
 *
 * At the end everything is made safe from a power cut, every run is read back and its digest
 * computed anew, and the search index catches up. Rejects with the failure of either side, or with
 * the signal's reason: whole batches are then on the other side, and a new copy goes on from there.
 * Memory holds one batch and 48 bytes for each run. Between batches the event loop turns, so that a
 * store that works synchronously does not keep a signal waiting.
 */
export async function copyRuns(
  source: RunSource,
  target: RunStore,
  { verify = 'full', onProgress, signal }: CopyOptions = {},
): Promise<CopyReport> {
  const { origin } = source;
  const report: CopyReport = {
    read: 0,
    written: 0,
    unchanged: 0,
    setAside: [],
    verified: 0,
    differences: [],
  };
  const differences = new Set<string>();
  const expected: Uint8Array[] = [];
  const total = onProgress === undefined ? null : await source.count();
  const kept = await target.quarantined(origin, { withBytes: false });
  const unreadable = new Set(kept.map(({ name }) => name));
  const readable = new Set<string>();
  const reasons = new Map<string, string>();
  let done = 0;
  onProgress?.({ phase: 'copy', done, total });

  for await (const { changes, setAside, size } of batches(source)) {
    await setImmediate();
    signal?.throwIfAborted();
    const result = await writeBatch(source, target, changes);
    if (verify === 'full') expected.push(packDigests(result.expected));
    report.read += result.read;
    report.written += result.written;
    report.unchanged += result.unchanged;
    for (const id of result.conflicts) differences.add(id);
    if (setAside.length > 0) await target.quarantine(setAside);
    // A file that changes while it is read is given again: what it was last is what counts.
    for (const change of changes) {
      if (change.kind !== 'run') continue;
      // A store names no files; what it reads as a run now had the run's name where it could not be read.
      for (const name of [change.name, `${change.run.id}.json`]) {
        if (!unreadable.has(name)) continue;
        readable.add(name);
        reasons.delete(name);
      }
    }
    for (const { origin: from, name, reason } of setAside) {
      if (from === origin) {
        unreadable.add(name);
        readable.delete(name);
      }
      reasons.set(from === origin ? name : `${from} ${name}`, reason);
    }
    done += size;
    onProgress?.({ phase: 'copy', done, total });
  }
  signal?.throwIfAborted();
  await target.flush();
  if (readable.size > 0) await target.releaseQuarantined(origin, [...readable]);
  report.setAside = Array.from(reasons, ([name, reason]) => ({ source: name, reason }));
  if (verify === 'full') {
    const verdict = await verifyCopy(target, expected, (compared) => {
      signal?.throwIfAborted();
      onProgress?.({ phase: 'verify', done: compared, total: report.read });
    });
    report.verified = verdict.verified;
    for (const id of verdict.differences) differences.add(id);
  }
  await catchUpSearch(target, onProgress, signal);
  return { ...report, differences: [...differences].sort() };
}

/** Brings the search index up to the changes known at its start; later ones are left to later. */
async function catchUpSearch(
  target: RunStore,
  onProgress: CopyOptions['onProgress'],
  signal: AbortSignal | undefined,
): Promise<void> {
  let behind = await target.catchUpSearch(INDEX_PIECE);
  const total = behind + INDEX_PIECE;
  for (let done = INDEX_PIECE; behind > 0 && done < total; done += INDEX_PIECE) {
    await setImmediate();
    signal?.throwIfAborted();
    onProgress?.({ phase: 'index', done, total });
    behind = await target.catchUpSearch(INDEX_PIECE);
  }
}
