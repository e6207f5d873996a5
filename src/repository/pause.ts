import { setTimeout } from 'node:timers/promises';

/**
 * Waits so long, or until one of the signals aborts, which is no failure. `ref: false`: a process that has
 * nothing else to do does not stay for it.
 */
export async function pause(
  milliseconds: number,
  signals: readonly AbortSignal[],
  { ref = true }: { ref?: boolean } = {},
): Promise<void> {
  const signal = AbortSignal.any([...signals]);
  await setTimeout(milliseconds, undefined, { signal, ref }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
