import { readLedgerKeep } from '../../config/store-target.ts';
import { LedgerKeeper } from '../../repository/guard/ledger-keeper.ts';
import type { RunStore } from '../../repository/run-store.ts';
import type { CopyOptions, CopyReport } from '../../services/copy/copy-report.ts';
import {
  type FollowOptions,
  type FollowProgress,
  type FollowReport,
  followCopy,
} from '../../services/copy/follow-copy.ts';
import { COPY_PHASES, INTERRUPTED_COPY } from '../copy-with-progress.ts';
import { exitCodeOfSignal, Interrupted, takePresses } from '../interrupts.ts';
import { countOf, formatCount } from '../output/figures.ts';
import { type Progress, withProgress } from '../output/progress.ts';
import { openStore, using } from '../store-access.ts';
import type { TwoStores } from './stores.ts';

/** Said where a signal asks for a cut-over that cannot be made. */
const UNFENCED =
  'Not cut over: older programs write files without asking. Start again with --writers-stopped.';

/** How a store is followed. */
export interface FollowRequest extends Pick<CopyOptions, 'verify' | 'onConflict'> {
  /** Until somebody ends it, until all is there, or until all is there and the source is fenced. */
  until: 'stopped' | 'copied' | 'cut over';
  /** Whether SIGUSR2 cuts over while it follows; null for what is no move. */
  canCutOver: boolean | null;
}

/**
 * Copies a store that is open into the target and follows it. Before the first copy is done Ctrl-C gives
 * it up; afterwards that is how people end it.
 */
export async function followStore(
  source: RunStore,
  { target, from, to }: TwoStores,
  { until, canCutOver, ...options }: FollowRequest,
): Promise<FollowReport> {
  const opened = await openStore(target, 'fill');
  const keepMs = readLedgerKeep(target);
  return using(opened, async (store) => {
    // Nobody else writes to it whose guard would see to its ledger.
    const keeper = keepMs === undefined ? null : new LedgerKeeper(store, keepMs, Date.now);
    try {
      return await withProgress((progress) => {
        const endings = endingsOf({ until, canCutOver, from, to }, progress);
        return followCopy(source, store, {
          ...options,
          ...endings,
          onFollow(sign) {
            keeper?.noteWrite();
            endings.onFollow(sign);
          },
          onProgress: ({ phase, done, total }) => progress.update(COPY_PHASES[phase], done, total),
        });
      });
    } finally {
      await keeper?.stop();
    }
  });
}

/** What ends the copy, and what ends following it. */
function endingsOf(
  {
    until,
    canCutOver,
    from,
    to,
  }: Omit<FollowRequest, 'verify' | 'onConflict'> & Pick<TwoStores, 'from' | 'to'>,
  progress: Progress,
): Pick<FollowOptions, 'signal' | 'stop' | 'cutOver'> &
  Required<Pick<FollowOptions, 'onFollow' | 'onFence'>> {
  const givenUp = new AbortController();
  const stop = new AbortController();
  const cutOver = new AbortController();
  if (until === 'copied') stop.abort();
  if (until === 'cut over') cutOver.abort();
  let isFollowing = false;
  let isClosed = false;
  let differing = 0;
  takePresses((signal, times) => {
    if (isClosed && times === 1) progress.note(`${from} is closed already: finishing the copy.`);
    else if (isFollowing && times === 1) stop.abort();
    else if (times === 1) givenUp.abort(new Interrupted(signal, INTERRUPTED_COPY));
    else process.exit(exitCodeOfSignal(signal));
  });
  if (canCutOver !== null) {
    process.on('SIGUSR2', () => {
      if (canCutOver) cutOver.abort();
      else progress.note(UNFENCED);
    });
  }
  return {
    signal: givenUp.signal,
    stop: stop.signal,
    ...(canCutOver && { cutOver: { when: cutOver.signal, movedTo: to } }),
    onFence() {
      isClosed = true;
      progress.note(`${from} refuses changes from now on.`);
    },
    onFollow(sign) {
      if (!isFollowing && until === 'stopped') progress.note(beginningOf(sign.report, canCutOver));
      isFollowing = true;
      const { length } = sign.report.differences;
      if (length > differing) progress.note(differingText(length));
      differing = length;
      tellSign(sign, progress);
    },
  };
}

function beginningOf({ read, verified }: CopyReport, canCutOver: boolean | null): string {
  const copied = `Copied ${countOf(read, 'run')}, ${formatCount(verified)} read back and equal.`;
  const signal = canCutOver ? `; "kill -USR2 ${process.pid}" cuts over` : '';
  return `${copied} Following: Ctrl-C ends it${signal}.`;
}

function differingText(count: number): string {
  return `${countOf(count, 'run')} not equal on both sides: changed in the target by others, and left there.`;
}

function tellSign({ report, problem }: FollowProgress, progress: Progress): void {
  if (problem !== null) progress.note(`Waiting: ${problem}`);
  else progress.update('Following', report.read, null);
}
