import { type ErrorCode, isRunledgerError } from '../../repository/errors.ts';
import { pause } from '../../repository/pause.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { storeSource } from '../../repository/store-source.ts';
import { catchUpSearch } from './catch-up-search.ts';
import type { CopyOptions, CopyReport } from './copy-report.ts';
import { goneAmong, goneRuns } from './gone-runs.ts';
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
  /** Whether the source was closed for changes. Together with no differences: all that it has is there. */
  isMoved: boolean;
}

/** How often the ledger of the source is looked at. */
const POLL_MS = 250;
/** How often what is put aside in the source is looked at. */
const WHOLE_PASS_MS = 60_000;
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
 * that cannot be reached is waited for, once the first copy is done. What the source's ledger says was
 * deleted is deleted. Where it does not know the place any more, all is copied anew, and what came from the
 * source and is not there any more is told and stays: a folder that was swept, a disk that is not mounted
 * and a store put back from a backup look the same, and none of them is a reason to delete.
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
  given: FollowOptions,
): Promise<FollowReport> {
  let isFirst = true;
  const options: FollowOptions = {
    ...given,
    onProgress: (progress) => isFirst && given.onProgress?.(progress),
  };
  const { stop, cutOver, onFence } = options;
  const runs = await storeSource(source);
  const copy = await RunningCopy.begin(runs, target, options, { follows: true });
  await copy.pass();
  const stores = { source, target, origin: runs.origin };
  const { report } = copy;
  report.gone = await (copy.hasForgotten ? goneRuns(stores) : goneAmong(stores, report.gone));
  await copy.verify();
  await catchUpSearch(target, options);
  await copy.finish();
  isFirst = false;
  let problem = await follow(copy, target, options);
  if (cutOver !== undefined && !stop.aborted && copy.report.differences.length === 0) {
    problem = await insisting({ copy, options, ends: stop }, async () => {
      for (let pass = 0; pass < MOST_PASSES && !stop.aborted; pass += 1) {
        if ((await copy.pass({ withSetAside: false })) < NEARLY_THERE) break;
      }
      if (!stop.aborted) await source.fence(cutOver.movedTo);
    });
    if (!stop.aborted) {
      onFence?.();
      isFirst = true;
      await insisting({ copy, options }, async () => {
        await copyRest(copy);
        await copy.proveWhole();
        report.gone = await goneRuns(stores);
        await catchUpSearch(target, options);
      });
      return { ...(await copy.finish()), isMoved: true };
    }
  }
  // Who is away cannot be asked for the rest.
  const last = problem === null ? await copyRest(copy) : report;
  return { ...last, isMoved: false };
}

/** What could not be read as a run is in no ledger: it is looked at again at the end. */
async function copyRest(copy: RunningCopy): Promise<CopyReport> {
  await copy.pass();
  await copy.releaseGone();
  await copy.verify();
  return await copy.finish();
}

/** Follows until it is told to end. Gives what it was waiting for then; null where it was not. */
async function follow(
  copy: RunningCopy,
  target: RunStore,
  options: FollowOptions,
): Promise<string | null> {
  const { stop, cutOver, onFollow, signal } = options;
  const ends = AbortSignal.any([stop, ...(cutOver ? [cutOver.when] : [])]);
  onFollow?.({ report: copy.report, problem: null });
  let lastWhole = performance.now();
  while (!ends.aborted) {
    signal?.throwIfAborted();
    const problem = await insisting({ copy, options, ends }, async () => {
      // What could not be read as a run is in no ledger: it is looked for now and then.
      const isWhole = performance.now() - lastWhole > WHOLE_PASS_MS;
      const items = await copy.pass({ withSetAside: isWhole });
      if (isWhole) {
        await copy.releaseGone();
        lastWhole = performance.now();
      }
      await copy.verify();
      if (items === 0) return;
      await target.catchUpSearch(items);
      onFollow?.({ report: copy.report, problem: null });
    });
    if (problem !== null) return problem;
    await pause(POLL_MS, signalsOf(ends, signal));
  }
  return null;
}

/**
 * Does something again that failed for a reason that passes. Gives the reason where it was told to end
 * before it succeeded.
 */
async function insisting(
  { copy, options, ends }: { copy: RunningCopy; options: FollowOptions; ends?: AbortSignal },
  work: () => Promise<void>,
): Promise<string | null> {
  const { onFollow, signal } = options;
  for (let pauseMs = 2 * POLL_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      await work();
      if (pauseMs > 2 * POLL_MS) onFollow?.({ report: copy.report, problem: null });
      return null;
    } catch (error) {
      if (!isRunledgerError(error) || !PASSING.includes(error.code)) throw error;
      onFollow?.({ report: copy.report, problem: error.message });
      await pause(pauseMs, signalsOf(ends, signal));
      signal?.throwIfAborted();
      if (ends?.aborted) return error.message;
    }
  }
}

function signalsOf(...signals: readonly (AbortSignal | undefined)[]): AbortSignal[] {
  return signals.filter((one) => one !== undefined);
}
