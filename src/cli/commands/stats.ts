import type { Command } from 'commander';
import type { RunRepository } from '../../repository/run-repository.ts';
import { addFilterOptions, type FilterOptions, readFilter } from '../filter-options.ts';
import { addExamples } from '../help-examples.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { emptyText } from '../output/empty-text.ts';
import { writeJson } from '../output/json-document.ts';
import { formatStatistics } from '../output/statistics-text.ts';
import { writeNote, writeOut } from '../output/stdout.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import { addStoreOption, type StoreOption, withRepository } from '../store-access.ts';

type Options = FilterOptions & JsonOption & StoreOption;

/** `runledger stats` */
export function defineStats(command: Command): void {
  command.description(
    'Totals by status, success rate, average and 95th percentile of durations,\n' +
      'tokens and cost, by repository. Of all runs, or of those that match.',
  );
  addFilterOptions(command);
  addStoreOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['stats', 'everything that the store holds'],
    ['stats --since 7d --agent reviewer', 'one agent in the last week'],
  ]).action((options: Options) =>
    withRepository(options, 'read', (repository) => stats(repository, options)),
  );
}

async function stats(repository: RunRepository, options: Options): Promise<void> {
  const filter = readFilter(options);
  const figures = await repository.statistics(filter);
  if (options.json) await writeJson(figures);
  else if (figures.totalRuns > 0) {
    await writeOut(formatStatistics(figures, Date.now(), terminalWidth()));
  } else await writeNote(emptyText(repository.location, Object.keys(filter).length > 0));
}
