import type { Command } from 'commander';
import type { StoredRun } from '../../domain/run.ts';
import { changeRuns } from '../change-runs.ts';
import { addExamples } from '../help-examples.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { collect, runIds } from '../option-values.ts';
import { addStoreOption, type StoreOption } from '../store-access.ts';
import { updateRun } from '../update-run.ts';
import { UsageError } from '../usage-error.ts';

interface Options extends JsonOption, StoreOption {
  add?: string[];
  remove?: string[];
}

/** `runledger tag` */
export function defineTag(command: Command): void {
  command
    .description('Add tags to runs, or take them off. list --tag finds them again.')
    .argument('<ids...>', 'the ids of the runs', runIds)
    .option('--add <tag>', 'put this tag on; may be given several times', collect)
    .option('--remove <tag>', 'take this tag off; may be given several times', collect);
  addStoreOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['tag e6a01d42-8f9b-4c35-9d7e-2a3b4c5d6e06 --add good --remove new', 'sort a run'],
  ]).action((ids: string[], options: Options) => tag(ids, options));
}

async function tag(ids: readonly string[], options: Options): Promise<void> {
  const { add = [], remove = [] } = options;
  if (add.length + remove.length === 0) {
    throw new UsageError('No tag was named.', 'Name some with --add or --remove.');
  }
  const retag = (run: StoredRun): StoredRun => {
    const kept = (run.tags ?? []).filter((own) => !remove.includes(own));
    return { ...run, tags: [...new Set([...kept, ...add])] };
  };
  await changeRuns(ids, options, {
    change: (repository, id) => updateRun(repository, id, retag),
    tell: (run) => `${run.id}: ${run.tags?.join(', ') || 'no tags'}`,
  });
}
