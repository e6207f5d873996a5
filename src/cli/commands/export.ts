import { type Command, Option } from 'commander';
import type { RunOrder } from '../../domain/cursor.ts';
import type { RunRepository } from '../../repository/run-repository.ts';
import { addFilterOptions, type FilterOptions, readFilter } from '../filter-options.ts';
import { addExamples } from '../help-examples.ts';
import { interruptSignal } from '../interrupts.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { orderOption } from '../option-values.ts';
import { csvHeader, csvOf } from '../output/csv.ts';
import { countOf } from '../output/figures.ts';
import { writeJson } from '../output/json-document.ts';
import { writeNewFile } from '../output/new-file.ts';
import { withProgress } from '../output/progress.ts';
import { writeOut } from '../output/stdout.ts';
import { addStoreOption, type StoreOption, withRepository } from '../store-access.ts';
import { UsageError } from '../usage-error.ts';

interface Options extends FilterOptions, JsonOption, StoreOption {
  format: 'ndjson' | 'csv';
  out?: string;
  force?: true;
  order: RunOrder;
}

const FORCE = '--force replaces it.';

/** `runledger export` */
export function defineExport(command: Command): void {
  command.description(
    `Write runs out, to standard output or a file.

NDJSON has one run per line, whole and exact. CSV (RFC 4180)
has the fields that fit a table, texts exactly as they are: a spreadsheet may
take one that begins with = for a formula.`,
  );
  addFilterOptions(command);
  command
    .addOption(
      new Option('--format <format>', 'how a run is written')
        .choices(['ndjson', 'csv'])
        .default('ndjson'),
    )
    .option('--out <file>', 'into this file, which appears when it is whole')
    .option('--force', 'replace the file if it is there')
    .addOption(orderOption('oldest'));
  addStoreOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['export --out runs.ndjson', 'all runs into a file'],
    ['export --format csv --since 30d > runs.csv', 'the last month as a table'],
  ]).action((options: Options) => {
    if (options.json && options.out === undefined) {
      throw new UsageError('--json needs --out: standard output takes the runs.');
    }
    return withRepository(options, 'read', (repository) => write(repository, options));
  });
}

async function write(repository: RunRepository, options: Options): Promise<void> {
  const { out, json, format } = options;
  if (out === undefined) return print(repository, options);
  const signal = interruptSignal(`${out} was not written`);
  let exported = 0;
  await withProgress((progress) =>
    writeNewFile(out, { replace: options.force === true, orElse: FORCE }, async (append) => {
      for await (const { text, runs } of lines(repository, options)) {
        signal.throwIfAborted();
        await append(text);
        exported += runs;
        progress.update('Exporting', exported, null);
      }
    }),
  );
  if (json) await writeJson({ exported, format, out });
  else await writeOut(`Wrote ${countOf(exported, 'run')} to ${out}\n`);
}

async function print(repository: RunRepository, options: Options): Promise<void> {
  const signal = interruptSignal('what was written is not all');
  for await (const { text } of lines(repository, options)) {
    signal.throwIfAborted();
    await writeOut(text);
  }
}

async function* lines(repository: RunRepository, options: Options) {
  const { format, order } = options;
  if (format === 'csv') yield { text: csvHeader(), runs: 0 };
  for await (const run of repository.stream(readFilter(options), { order })) {
    yield { text: format === 'csv' ? csvOf(run) : `${JSON.stringify(run)}\n`, runs: 1 };
  }
}
