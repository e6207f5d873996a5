import { setImmediate } from 'node:timers/promises';
import { digestOf } from '../../domain/canonical.ts';
import { comparePlaces, type RunPlace } from '../../domain/cursor.ts';
import { BATCH_RUNS } from '../../repository/batch-limits.ts';
import { countRuns } from '../../repository/count-runs.ts';
import { pages } from '../../repository/pages.ts';
import { readInPieces } from '../../repository/read-in-pieces.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { isSameStore, sameStore } from '../../repository/same-store.ts';
import { compareFiles } from './compare-files.ts';
import { compareQuarantines } from './compare-quarantines.ts';
import type { CompareOptions, CompareReport, Difference } from './compare-report.ts';
import { mergeSorted } from './merge-sorted.ts';

/** After so many runs the event loop turns: stores may work synchronously, and signals wait. */
const BREATHE_EVERY = 50;

/**
 * Compares every run of two stores by its digest, computed anew from what lies there, and what they have put
 * aside and keep of imported files. Versions and times of storing are not compared.
 *
 * The stores may be written to meanwhile: what differs is looked at again at the end, and counts when it
 * still does. A change of a run that was equal before is not noticed. Memory holds some runs and the ids of
 * those that differ. Rejects with INVALID where both are one store, with the failure of either store, or
 * with the signal's reason.
 */
export async function compareStores(
  first: RunStore,
  second: RunStore,
  { onProgress, signal }: CompareOptions = {},
): Promise<CompareReport> {
  if (await isSameStore(first, second)) throw sameStore(first.location, second.location);
  const report: CompareReport = { compared: 0, equal: 0, differences: [], setAside: [], files: [] };
  const total = Math.max(await countRuns(first), await countRuns(second));
  const suspects = new Set<string>();
  let done = 0;
  const step = async (phase: 'compare' | 'again', of: number) => {
    signal?.throwIfAborted();
    if (done % BREATHE_EVERY === 0) await setImmediate();
    onProgress?.({ phase, done, total: of });
    done += 1;
  };
  for await (const [a, b] of mergeSorted(keptRuns(first), keptRuns(second), comparePlaces)) {
    await step('compare', total);
    if (isEqual(a, b)) report.equal += 1;
    else for (const run of [a, b]) if (run) suspects.add(run.id);
  }
  const ids = [...suspects].sort();
  done = 0;
  for await (const [a, b] of mergeSorted(lookAgain(first, ids), lookAgain(second, ids), byId)) {
    await step('again', ids.length);
    if (isEqual(a, b)) report.equal += 1;
    else report.differences.push({ id: (a ?? b).id, what: differenceOf(a, b) });
  }
  report.compared = report.equal + report.differences.length;
  report.setAside = await compareQuarantines(first, second);
  report.files = await compareFiles(first, second);
  return report;
}

/** A run with the digest of what lies there; null where that cannot be read. */
interface Digested {
  id: string;
  digest: string | null;
}

/** Every run that a store knows of, oldest first. */
async function* keptRuns(store: RunStore): AsyncGenerator<Digested & RunPlace, void, void> {
  const request = { filter: {}, order: 'oldest', limit: BATCH_RUNS } as const;
  for await (const page of pages((after) => store.summaries({ ...request, after }))) {
    const places = new Map(page.map(({ id, startedAt }) => [id, startedAt]));
    for await (const { id, digest } of digestsOf(store, [...places.keys()])) {
      yield { id, startedAt: places.get(id) ?? '', digest };
    }
  }
}

async function* digestsOf(
  store: RunStore,
  ids: readonly string[],
): AsyncGenerator<Digested, void, void> {
  for await (const [id, run] of readInPieces(store, ids, { asKept: true })) {
    yield { id, digest: run && digestOf(run) };
  }
}

/** Those of these runs that a store knows of now. */
async function* lookAgain(
  store: RunStore,
  ids: readonly string[],
): AsyncGenerator<Digested, void, void> {
  for await (const run of digestsOf(store, ids)) {
    if (run.digest !== null || (await store.heads([run.id])).has(run.id)) yield run;
  }
}

function byId(a: Digested, b: Digested): number {
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

/** What cannot be read is equal to nothing. */
function isEqual(a: Digested | null, b: Digested | null): boolean {
  return a !== null && b !== null && a.digest !== null && a.digest === b.digest;
}

function differenceOf(a: Digested | null, b: Digested | null): Difference {
  if (b === null) return 'only in the first';
  return a === null ? 'only in the second' : 'differs';
}
