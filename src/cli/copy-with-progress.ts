import { Option } from 'commander';
import type { RunSource } from '../repository/run-source.ts';
import type { RunStore } from '../repository/run-store.ts';
import type { CopyOptions, CopyProgress, CopyReport } from '../services/copy/copy-report.ts';
import { copyRuns } from '../services/copy/copy-runs.ts';
import { EXIT } from './exit-codes.ts';
import { interruptSignal } from './interrupts.ts';
import { withProgress } from './output/progress.ts';

/** What a copy is doing, for people. */
export const COPY_PHASES: Readonly<Record<CopyProgress['phase'], string>> = {
  copy: 'Copying',
  verify: 'Verifying',
  index: 'Indexing for search',
};

/** What `verifyOption` reads. */
export interface VerifyOption {
  verify: NonNullable<CopyOptions['verify']>;
}

/** `--verify`, which every command has that writes runs into a store. */
export function verifyOption(byDefault: VerifyOption['verify'] = 'full'): Option {
  return new Option('--verify <how>', 'read back every run, some of each batch, or none')
    .choices(['full', 'sample', 'none'])
    .default(byDefault);
}

/** What stands when a copy was interrupted, and how to go on. */
export const INTERRUPTED_COPY = 'what was copied is whole; run it again to go on from there';

/** Copies runs and shows how far it is; Ctrl-C, or a signal that is given, ends it between two batches. */
export function copyWithProgress(
  source: RunSource,
  target: RunStore,
  options: Pick<CopyOptions, 'verify' | 'onConflict'> = {},
  signal = interruptSignal(INTERRUPTED_COPY),
): Promise<CopyReport> {
  return withProgress((progress) =>
    copyRuns(source, target, {
      ...options,
      signal,
      onProgress: ({ phase, done, total }) => progress.update(COPY_PHASES[phase], done, total),
    }),
  );
}

/** What a copy with this report ends with: a difference outranks what was put aside. */
export function exitCodeOfCopy({
  differences,
  fileDifferences = [],
  setAside,
}: Pick<CopyReport, 'differences' | 'setAside'> & {
  fileDifferences?: readonly string[];
}): number {
  if (differences.length + fileDifferences.length > 0) return EXIT.differences;
  return setAside.length > 0 ? EXIT.setAside : EXIT.done;
}
