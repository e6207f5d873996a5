import type { Command } from 'commander';
import { changeRuns } from '../change-runs.ts';
import { addExamples } from '../help-examples.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { addStoreOption, type StoreOption } from '../store-access.ts';

/** `runledger retry` */
export function defineRetry(command: Command): void {
  command
    .description(
      `Queue failed runs again. Each becomes RETRYING, and a new QUEUED run with its
input waits for whoever runs your agents. Only failures that are recoverable.`,
    )
    .argument('<ids...>', 'the ids of the failed runs');
  addStoreOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['retry 0199c2f4-9a3c-7c1e-8f51-3f7b4d2a6e10', 'queue this one again'],
  ]).action((ids: string[], options: JsonOption & StoreOption) =>
    changeRuns(ids, options, {
      change: (repository, id) => repository.retry(id),
      tell: (run) => `${run.id}: queued, attempt ${run.retryCount + 1}, repeats ${run.parentRunId}`,
    }),
  );
}
