import { Option } from 'commander';
import type { RunSource } from '../repository/run-source.ts';
import type { RunStore } from '../repository/run-store.ts';
import type { CopyOptions, CopyProgress, CopyReport } from '../services/copy/copy-report.ts';
import { copyRuns } from '../services/copy/copy-runs.ts';
import { EXIT } from './exit-codes.ts';
import { interruptSignal } from './interrupts.ts';
import { withProgress } from './output/progress.ts';

const PHASES: Readonly<Record<CopyProgress['phase'], string>> = {
  copy: 'Copying',
  verify: 'Verifying',
  index: 'Indexing for search',
};

/** What `verifyOption` reads. */
export interface VerifyOption {
  verify: NonNullable<CopyOptions['verify']>;
}

/** `--verify`, which every command has that writes runs into a store. */
export function verifyOption(): Option {
  return new Option('--verify <how>', 'read every run back, or trust the target')
    .choices(['full', 'none'])
    .default('full');
}

const GO_ON = 'what was copied is whole; run it again to go on from there';

/** Copies runs and shows how far it is; Ctrl-C, or a signal that is given, ends it between two batches. */
export function copyWithProgress(
  source: RunSource,
  target: RunStore,
  verify: NonNullable<CopyOptions['verify']>,
  signal = interruptSignal(GO_ON),
): Promise<CopyReport> {
  return withProgress((progress) =>
    copyRuns(source, target, {
      verify,
      signal,
      onProgress: ({ phase, done, total }) => progress.update(PHASES[phase], done, total),
    }),
  );
}

/** What a copy with this report ends with: a difference outranks what was put aside. */
export function exitCodeOfCopy({ differences, setAside }: CopyReport): number {
  if (differences.length > 0) return EXIT.differences;
  return setAside.length > 0 ? EXIT.setAside : EXIT.done;
}
