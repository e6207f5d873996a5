import { setImmediate } from 'node:timers/promises';

/**
 * For long work: each call lets timers, signals and other work have their turn, when they had none for
 * so many milliseconds.
 */
export function breathing(longestMs: number): () => Promise<void> {
  let lastBreath = performance.now();
  return async () => {
    if (performance.now() - lastBreath < longestMs) return;
    await setImmediate();
    lastBreath = performance.now();
  };
}
