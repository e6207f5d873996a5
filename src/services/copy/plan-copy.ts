import type { RunSource } from '../../repository/run-source.ts';
import type { RunStore } from '../../repository/run-store.ts';
import type { CopyOptions, CopyReport } from './copy-report.ts';
import { copyRuns } from './copy-runs.ts';
import { pretendingStore } from './pretending-store.ts';

/** What a copy would do. */
export interface CopyPlan extends CopyReport {
  /** About how many bytes of JSON the runs have that would be written. */
  bytes: number;
  /** How long reading them took, in milliseconds. */
  readMs: number;
}

/**
 * Tells what `copyRuns` would do, by doing all of it but the changes. Reads every run of the source.
 * Rejects as `copyRuns` does.
 */
export async function planCopy(
  source: RunSource,
  target: RunStore,
  options: Pick<CopyOptions, 'onConflict' | 'onProgress' | 'signal'> = {},
): Promise<CopyPlan> {
  const pretending = pretendingStore(target);
  const startedAt = performance.now();
  const report = await copyRuns(source, pretending.store, { ...options, verify: 'none' });
  return { ...report, bytes: pretending.bytes, readMs: performance.now() - startedAt };
}
