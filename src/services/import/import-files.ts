import type { Importer, Transcript } from '../../repository/importer.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { movedTarget } from '../../repository/transfer.ts';
import { catchUpSearch } from '../copy/catch-up-search.ts';
import { type ExpectedDigest, sampleOf, unpackDigests } from '../copy/packed-digests.ts';
import { verifyCopy } from '../copy/verify-copy.ts';
import { rememberFiles } from './import-memory.ts';
import type { ImportOptions } from './import-options.ts';
import { ImportPass } from './import-pass.ts';
import type { ImportReport } from './import-report.ts';

/**
 * Takes the runs that an agent's files hold into a store. A second import changes nothing; of a file that
 * grew, what is new is added. Files that hold the same, such as a session and its fork, are read together,
 * so that nothing counts twice and the order of imports makes no difference.
 *
 * What somebody changed in the store since stays: a run that was deleted is not brought back, tags stay,
 * and a run that was changed otherwise is left and named in `differences`. A file that is gone changes
 * nothing. One that became shorter, or another one, is told of; what it held before stays, with its runs.
 *
 * The store keeps, with each file, how far it was read, and its bytes. An import that ended early, even with
 * its process, has written whole runs, and the next one reads the files again whose end it did not see.
 * What could not be taken goes into the store's quarantine under the path of the file, and is released when
 * it can be read.
 *
 * Memory holds the runs of one batch, those that the importer is making, and some 30 bytes for each line
 * of all files. Rejects with the failure of the store, or with the signal's reason.
 */
export async function importFiles(
  importer: Importer,
  found: readonly Transcript[],
  store: RunStore,
  options: ImportOptions,
): Promise<ImportReport> {
  const movedTo = await store.movedTo();
  if (movedTo !== null) throw movedTarget(movedTo);
  const memory = options.memory ?? (await rememberFiles(importer, store));
  const pass = new ImportPass(importer, store, memory, options);
  const { report, expected } = await pass.take(found);
  if (report.written + report.deleted > 0) await store.flush();
  await readBack(store, expected, report, options);
  await catchUpSearch(store, options);
  report.differences = [...new Set(report.differences)].sort();
  const elsewise = report.written + report.leftDeleted + report.differences.length;
  report.unchanged = Math.max(0, report.read - elsewise);
  return report;
}

async function readBack(
  store: RunStore,
  expected: readonly Uint8Array[],
  report: ImportReport,
  { verify = 'sample', onProgress, signal }: ImportOptions,
): Promise<void> {
  if (verify === 'none') return;
  const isFull = verify === 'full';
  const entries = lastOfEach(expected).map((all) => (isFull ? all : sampleOf(all)));
  const verdict = await verifyCopy(store, entries, (done) => {
    signal?.throwIfAborted();
    onProgress?.({ phase: 'verify', done, total: isFull ? report.read : null });
  });
  report.verified = verdict.verified;
  report.differences.push(...verdict.differences);
}

/** A run that was written several times is there as it was written last. */
function* lastOfEach(expected: readonly Uint8Array[]): Generator<ExpectedDigest[], void, void> {
  const seen = new Set<string>();
  for (const packed of expected.toReversed()) {
    const entries = unpackDigests(packed).filter(([id]) => !seen.has(id));
    for (const [id] of entries) seen.add(id);
    yield entries;
  }
}
