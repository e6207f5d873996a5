import type { Command } from 'commander';
import type { StoredRun } from '../../domain/run.ts';
import { isRunledgerError, RunledgerError } from '../../repository/errors.ts';
import type { RunRepository } from '../../repository/run-repository.ts';
import { changeRuns } from '../change-runs.ts';
import { addExamples } from '../help-examples.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { runIds } from '../option-values.ts';
import { addStoreOption, type StoreOption } from '../store-access.ts';

/** `runledger retry` */
export function defineRetry(command: Command): void {
  command
    .description(
      `Queue failed runs again. Each becomes RETRYING, and a new QUEUED run with its
input waits for whoever runs your agents. Only failures that are recoverable.`,
    )
    .argument('<ids...>', 'the ids of the failed runs', runIds);
  addStoreOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['retry 1b9d4a75-2c3e-4f68-8a01-5d6e7f8a9b09', 'queue this one again'],
  ]).action((ids: string[], options: JsonOption & StoreOption) =>
    changeRuns(ids, options, {
      change: retry,
      tell: (run) => `${run.id}: queued, attempt ${run.retryCount + 1}, repeats ${run.parentRunId}`,
    }),
  );
}

async function retry(repository: RunRepository, id: string): Promise<StoredRun> {
  try {
    return await repository.retry(id);
  } catch (cause) {
    const isRefused = isRunledgerError(cause, 'TRANSITION');
    if (!isRefused || (await repository.findById(id))?.status !== 'RETRYING') throw cause;
    throw new RunledgerError(cause.code, `Run ${id} is being retried already.`, { cause });
  }
}
