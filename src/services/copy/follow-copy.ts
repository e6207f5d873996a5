import { setTimeout } from 'node:timers/promises';
import { type ErrorCode, isRunledgerError } from '../../repository/errors.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { storeSource } from '../../repository/store-source.ts';
import { catchUpSearch } from './catch-up-search.ts';
import type { CopyOptions, CopyReport } from './copy-report.ts';
import { RunningCopy } from './running-copy.ts';

/** How far a target that follows its source is. */
export interface FollowProgress {
  /** What it came to so far. */
  report: CopyReport;
  /** What it waits for; null while it follows. */
  problem: string | null;
}

/** How the source is closed for changes at the end. */
export interface CutOver {
  /** Says when, at any time before or after the first copy is done. */
  when: AbortSignal;
  /** What the source says from then on of where it was moved to. */
  movedTo: string;
}

/** How a source is followed. */
export interface FollowOptions extends CopyOptions {
  /** Ends following; the source stays open for changes. */
  stop: AbortSignal;
  cutOver?: CutOver;
  /** Told after the first copy, and whenever something came or went wrong. */
  onFollow?: (progress: FollowProgress) => void;
  /** Told that the source refuses changes from now on. */
  onFence?: () => void;
}

/** What following came to. */
export interface FollowReport extends CopyReport {
  /** Whether the source was closed for changes, and all that it has is in the target. */
  isMoved: boolean;
}

/** How often the ledger of the source is looked at. */
const POLL_MS = 250;
/** Who is away is asked again after so long at first, and then ever more rarely. */
const LONGEST_PAUSE_MS = 30_000;
/** What passes by itself: a server that is restarted, a lock that somebody holds. */
const PASSING: readonly ErrorCode[] = ['UNREACHABLE', 'BUSY', 'TIMEOUT'];
/** With so few changes to come, the source is closed only for a moment. */
const NEARLY_THERE = 500;
/** A writer that is faster than the copy is not waited for. */
const MOST_PASSES = 20;

/**
 * Copies a store as `copyRuns` does, from where the copy before ended, and then follows its ledger: each
 * change is written, read back and noted as done, within about a quarter of a second. A source or target
 * that cannot be reached is waited for, once the first copy is done.
 *
 * At a cut-over the source is fenced, so that every change there fails with MOVED; what its ledger had by
 * then is copied; and every run of the source, which does not change any more, is compared with the
 * target. Where the two are known to differ before, the source is not fenced, and the report names the
 * differences. A cut-over that ended early is gone on with by another.
 *
 * Rejects as `copyRuns` does, and with the reason of `signal`.
 */
export async function followCopy(
  source: RunStore,
  target: RunStore,
  options: FollowOptions,
): Promise<FollowReport> {
  const { stop, cutOver, onFence } = options;
  const copy = await RunningCopy.begin(await storeSource(source), target, options, {
    follows: true,
  });
  await copy.pass();
  await copy.verify();
  await catchUpSearch(target, options);
  await copy.finish();
  await follow(copy, target, options);
  if (cutOver === undefined || stop.aborted || copy.report.differences.length > 0) {
    return { ...(await copyRest(copy)), isMoved: false };
  }
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    if ((await copy.pass({ withSetAside: false })) < NEARLY_THERE) break;
  }
  await source.fence(cutOver.movedTo);
  onFence?.();
  await copyRest(copy);
  await copy.proveWhole();
  await catchUpSearch(target, options);
  return { ...(await copy.finish()), isMoved: true };
}

/** What could not be read as a run is in no ledger: it is looked at again at the end. */
async function copyRest(copy: RunningCopy): Promise<CopyReport> {
  await copy.pass();
  await copy.verify();
  return await copy.finish();
}

async function follow(
  copy: RunningCopy,
  target: RunStore,
  { stop, cutOver, onFollow, signal }: FollowOptions,
): Promise<void> {
  const ends = AbortSignal.any([stop, ...(cutOver ? [cutOver.when] : [])]);
  let pauseMs = POLL_MS;
  onFollow?.({ report: copy.report, problem: null });
  while (!ends.aborted) {
    signal?.throwIfAborted();
    try {
      const items = await copy.pass({ withSetAside: false });
      await copy.verify();
      if (items > 0) await target.catchUpSearch(items);
      if (items > 0 || pauseMs > POLL_MS) onFollow?.({ report: copy.report, problem: null });
      pauseMs = POLL_MS;
    } catch (error) {
      if (!isRunledgerError(error) || !PASSING.includes(error.code)) throw error;
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      onFollow?.({ report: copy.report, problem: error.message });
    }
    await pause(pauseMs, AbortSignal.any([ends, ...(signal ? [signal] : [])]));
  }
}

/** Waits so long, or until the signal aborts. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
