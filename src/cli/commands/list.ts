import type { Command } from 'commander';
import type { RunOrder } from '../../domain/cursor.ts';
import type { RunSummary } from '../../domain/run.ts';
import type { Page, RunRepository } from '../../repository/run-repository.ts';
import { addFilterOptions, type FilterOptions, readFilter } from '../filter-options.ts';
import { addExamples } from '../help-examples.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { runOrder, wholeNumber } from '../option-values.ts';
import { emptyText } from '../output/empty-text.ts';
import { writeJson } from '../output/json-document.ts';
import { formatRunTable, outcomeRow, withCostUsd } from '../output/run-table.ts';
import { writeOut } from '../output/stdout.ts';
import { paint } from '../output/style.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import { addStoreOption, type StoreOption, withRepository } from '../store-access.ts';

interface Options extends FilterOptions, JsonOption, StoreOption {
  limit: number;
  cursor?: string;
  order: RunOrder;
}

/** The longest page of the contract. */
const MOST_RUNS = 1_000;

/** `runledger list` */
export function defineList(command: Command): void {
  command.description('List runs, newest first, a page at a time.');
  addFilterOptions(command);
  command
    .option('--limit <number>', 'runs on a page, 1 to 1000', wholeNumber(1, MOST_RUNS), 20)
    .option('--cursor <cursor>', 'go on where the page before ended')
    .option('--order <order>', 'newest or oldest first', runOrder, 'newest');
  addStoreOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['list --status FAILED --since 24h', 'what failed in the last day'],
    ['list --repository hono --limit 100', 'more of one repository'],
    ['list --error ETIMEDOUT --json', 'for a program, as JSON'],
  ]).action((options: Options) =>
    withRepository(options, (repository) => list(repository, options)),
  );
}

async function list(repository: RunRepository, options: Options): Promise<void> {
  const { limit, cursor, order } = options;
  const filter = readFilter(options);
  const page = await repository.list(filter, { limit, order, ...(cursor && { cursor }) });
  if (options.json) {
    await writeJson({ runs: page.items.map(withCostUsd), nextCursor: page.nextCursor });
  } else if (page.items.length > 0) {
    await writeOut(
      formatRunTable(page.items.map(outcomeRow), Date.now(), terminalWidth()) +
        moreHint(page, options),
    );
  } else {
    await writeOut(emptyText(repository.location, Object.keys(filter).length > 0));
  }
}

/** What to type for the next page; only people are told, a pipe gets the runs alone. */
function moreHint({ nextCursor }: Page<RunSummary>, { limit }: Options): string {
  if (nextCursor === null || !process.stdout.isTTY) return '';
  const more = Math.min(limit * 5, MOST_RUNS);
  return paint(
    'dim',
    `\nThere are more: --limit ${more}, or from here with\n--cursor ${nextCursor}\n`,
  );
}
