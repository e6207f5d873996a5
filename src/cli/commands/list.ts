import type { Command } from 'commander';
import type { RunOrder } from '../../domain/cursor.ts';
import type { RunSummary } from '../../domain/run.ts';
import type { Page, RunRepository } from '../../repository/run-repository.ts';
import { addFilterOptions, type FilterOptions, readFilter } from '../filter-options.ts';
import { addExamples } from '../help-examples.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { MOST_ON_PAGE, orderOption, pageLimit } from '../option-values.ts';
import { emptyText } from '../output/empty-text.ts';
import { writeJson } from '../output/json-document.ts';
import { formatRunTable, outcomeRow, withCostUsd } from '../output/run-table.ts';
import { writeNote, writeOut } from '../output/stdout.ts';
import { paint } from '../output/style.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import { addStoreOption, type StoreOption, withRepository } from '../store-access.ts';

interface Options extends FilterOptions, JsonOption, StoreOption {
  limit: number;
  cursor?: string;
  order: RunOrder;
}

/** `runledger list` */
export function defineList(command: Command): void {
  command.description('List runs, newest first, a page at a time.');
  addFilterOptions(command);
  command
    .option('--limit <number>', `runs on a page, 1 to ${MOST_ON_PAGE}`, pageLimit, 20)
    .option('--cursor <cursor>', 'go on where the page before ended')
    .addOption(orderOption('newest'));
  addStoreOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['list --status FAILED --since 24h', 'what failed in the last day'],
    ['list --repository hono --limit 100', 'more of one repository'],
    ['list --error ETIMEDOUT --json', 'for a program, as JSON'],
  ]).action((options: Options) =>
    withRepository(options, 'read', (repository) => list(repository, options)),
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
    await writeNote(emptyText(repository.location, Object.keys(filter).length > 0));
  }
}

/** What to type for the next page; only people are told, a pipe gets the runs alone. */
function moreHint({ nextCursor }: Page<RunSummary>, { limit }: Options): string {
  if (nextCursor === null || !process.stdout.isTTY) return '';
  const more = limit < MOST_ON_PAGE ? `--limit ${Math.min(limit * 5, MOST_ON_PAGE)}, or ` : '';
  return paint('dim', `\nThere are more: ${more}from here with\n--cursor ${nextCursor}\n`);
}
