import { setImmediate } from 'node:timers/promises';

/** How long work may keep everything else of the process waiting, a write under way among it. */
const LONGEST_BREATH_MS = 1;

/** For a long loop: lets everything else have its turn when it had none for a while. */
export function breathing(): () => Promise<void> {
  let lastBreath = performance.now();
  return async () => {
    if (performance.now() - lastBreath < LONGEST_BREATH_MS) return;
    await setImmediate();
    lastBreath = performance.now();
  };
}
