import type { Command } from 'commander';
import { changeRuns } from '../change-runs.ts';
import { addExamples } from '../help-examples.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { runIds } from '../option-values.ts';
import { addStoreOption, type StoreOption } from '../store-access.ts';

/** `runledger cancel` */
export function defineCancel(command: Command): void {
  command
    .description(
      `Cancel runs that are QUEUED or RUNNING. This changes the record; it does not
stop a process that is still at work on the run.`,
    )
    .argument('<ids...>', 'the ids of the runs', runIds);
  addStoreOption(command);
  addJsonOption(command);
  addExamples(command, [['cancel 4e2a7d08-5f61-4291-9d34-8a9b0c1d2e12', 'cancel this one']]).action(
    (ids: string[], options: JsonOption & StoreOption) =>
      changeRuns(ids, options, {
        change: (repository, id) => repository.cancel(id),
        tell: (run) => `${run.id}: cancelled`,
      }),
  );
}
