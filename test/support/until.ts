import { setTimeout as delay } from 'node:timers/promises';

/** Waits until something is so, for as long as a test may take. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await delay(10);
}
