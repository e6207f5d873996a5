import type { Command } from 'commander';
import { RunledgerError } from '../../repository/errors.ts';
import { addExamples } from '../help-examples.ts';
import { callOf } from '../how-to-call.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { writeJson } from '../output/json-document.ts';
import { withCostUsd } from '../output/run-table.ts';
import { formatRun } from '../output/run-text.ts';
import { writeOut } from '../output/stdout.ts';
import { addStoreOption, type StoreOption, withRepository } from '../store-access.ts';

interface Options extends JsonOption, StoreOption {
  full?: true;
}

/** `runledger show` */
export function defineShow(command: Command): void {
  command
    .description('Show one run whole: what was asked, what came of it, what it cost.')
    .argument('<id>', 'the id of the run, as list shows it')
    .option('--full', 'do not cut long texts, show the raw response and all steps');
  addStoreOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['show 0199c2f4-9a3c-7c1e-8f51-3f7b4d2a6e10', 'one run, long texts cut'],
    ['show 0199c2f4-9a3c-7c1e-8f51-3f7b4d2a6e10 --full | less', 'the same whole'],
  ]).action((id: string, options: Options) => show(id, options));
}

async function show(id: string, options: Options): Promise<void> {
  const run = await withRepository(options, (repository) => repository.findById(id));
  if (run === null) {
    throw new RunledgerError('NOT_FOUND', `There is no run ${id}.`, {
      hint: `"${callOf('list')}" shows the newest with their ids.`,
    });
  }
  if (options.json) await writeJson({ run, costUsd: withCostUsd(run).costUsd });
  else await writeOut(formatRun(run, { now: Date.now(), isFull: options.full === true }));
}
