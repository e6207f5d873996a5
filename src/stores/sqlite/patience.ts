import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy } from './store-error.ts';

/** Pauses between tries: short enough to be quick, uneven so that two waiters do not meet again. */
const SHORTEST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 30;

/** Does the work, and again while another process has the lock, until the waiting time is over. */
export async function patiently<T>(
  waitMs: number,
  work: () => T,
  longestPauseMs: number = LONGEST_PAUSE_MS,
): Promise<T> {
  const start = performance.now();
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() - start >= waitMs) throw error;
    }
    await sleep(SHORTEST_PAUSE_MS + Math.random() * (longestPauseMs - SHORTEST_PAUSE_MS));
  }
}
