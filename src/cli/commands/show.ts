import type { Command } from 'commander';
import { notFound } from '../../repository/guard/refusals.ts';
import { readRunHistory } from '../../services/recovery/run-history.ts';
import { addExamples } from '../help-examples.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { runId } from '../option-values.ts';
import { costUsdOf } from '../output/cost-usd.ts';
import { formatHistory } from '../output/history-text.ts';
import { writeJson } from '../output/json-document.ts';
import { formatRun } from '../output/run-text.ts';
import { writeOut } from '../output/stdout.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import { addStoreOption, type StoreOption, withRepository, withStore } from '../store-access.ts';

interface Options extends JsonOption, StoreOption {
  full?: true;
  history?: true;
}

/** `runledger show` */
export function defineShow(command: Command): void {
  command
    .description('Show one run whole: what was asked, what came of it, what it cost.')
    .argument('<id>', 'the id of the run, as list shows it', runId)
    .option('--history', 'show what changed, and when, instead; of a deleted run too')
    .option('--full', 'do not cut long texts, show the raw response and all steps');
  addStoreOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['show 3f6c1e0a-7b52-4c1d-9a64-0d2b8e5f1a01', 'one run, long texts cut'],
    ['show 3f6c1e0a-7b52-4c1d-9a64-0d2b8e5f1a01 --full | less', 'the same whole'],
    ['show 3f6c1e0a-7b52-4c1d-9a64-0d2b8e5f1a01 --history', 'what changed, and when'],
  ]).action((id: string, options: Options) => show(id, options));
}

async function show(id: string, options: Options): Promise<void> {
  if (options.history) return showHistory(id, options);
  const run = await withRepository(options, 'read', (repository) => repository.findById(id));
  if (run === null) throw notFound(id);
  if (options.json) await writeJson({ run, costUsd: costUsdOf(run) });
  else {
    const shown = { now: Date.now(), width: terminalWidth(), isFull: options.full === true };
    await writeOut(formatRun(run, shown));
  }
}

async function showHistory(id: string, options: Options): Promise<void> {
  const history = await withStore(options, 'read', (store) => readRunHistory(store, id));
  if (history.length === 0) throw notFound(id);
  if (options.json) await writeJson({ id, history });
  else await writeOut(formatHistory(history, terminalWidth()));
}
