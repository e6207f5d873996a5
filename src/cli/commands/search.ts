import type { Command } from 'commander';
import type { RunRepository, SearchHit, SearchPage } from '../../repository/run-repository.ts';
import { addFilterOptions, type FilterOptions, readFilter } from '../filter-options.ts';
import { addExamples } from '../help-examples.ts';
import { callOf } from '../how-to-call.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { wholeNumber } from '../option-values.ts';
import type { Piece } from '../output/cell.ts';
import { countOf } from '../output/figures.ts';
import { writeJson } from '../output/json-document.ts';
import { formatRunTable, withCostUsd } from '../output/run-table.ts';
import { writeOut } from '../output/stdout.ts';
import { paint, type Style } from '../output/style.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import { addStoreOption, type StoreOption, withRepository } from '../store-access.ts';

interface Options extends FilterOptions, JsonOption, StoreOption {
  limit: number;
  cursor?: string;
}

const HIGHLIGHT: Style = ['bold', 'yellow'];

/** `runledger search` */
export function defineSearch(command: Command): void {
  command
    .description(
      `Find runs whose prompt, message or error message holds every word, newest first.
Words match in their other forms (retries finds retry), code words whole and in
parts (storage finds src/run-storage.ts).`,
    )
    .argument('<words...>', 'the words');
  addFilterOptions(command);
  command
    .option('--limit <number>', 'hits on a page, 1 to 1000', wholeNumber(1, 1000), 10)
    .option('--cursor <cursor>', 'go on where the page before ended');
  addStoreOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['search connection reset', 'runs with both words'],
    ['search getRunsByRepository --status FAILED', 'a name from the code, failed runs only'],
  ]).action((words: string[], options: Options) =>
    withRepository(options, (repository) => search(repository, words.join(' '), options)),
  );
}

async function search(repository: RunRepository, query: string, options: Options): Promise<void> {
  const { limit, cursor, json } = options;
  const filter = readFilter(options);
  const page = await repository.search(query, { filter, limit, ...(cursor && { cursor }) });
  if (json) {
    const hits = page.items.map(({ run, field, snippet }) => ({
      id: run.id,
      field,
      snippet,
      run: withCostUsd(run),
    }));
    await writeJson({ hits, nextCursor: page.nextCursor, behind: page.behind });
    return;
  }
  const rows = page.items.map((hit) => ({ run: hit.run, what: piecesOfHit(hit) }));
  const table =
    rows.length === 0
      ? `No run matches; fewer words find more. To see the newest of all:\n  ${callOf('list')}\n`
      : formatRunTable(rows, Date.now(), terminalWidth());
  await writeOut(table + remarks(page));
}

/** The snippet with what was searched for set off. */
function piecesOfHit({ snippet }: SearchHit): Piece[] {
  const { text, highlights, truncatedStart, truncatedEnd } = snippet;
  const pieces: Piece[] = truncatedStart ? [{ text: '…' }] : [];
  let end = 0;
  for (const [from, to] of highlights) {
    pieces.push({ text: text.slice(end, from) }, { text: text.slice(from, to), style: HIGHLIGHT });
    end = to;
  }
  pieces.push({ text: text.slice(end) + (truncatedEnd ? '…' : '') });
  return pieces;
}

/** What only people are told; a pipe gets the hits alone. */
function remarks({ nextCursor, behind }: SearchPage): string {
  if (!process.stdout.isTTY) return '';
  const lines = [];
  if (behind > 0) lines.push(`The search index has not seen ${countOf(behind, 'change')} yet.`);
  if (nextCursor !== null) lines.push(`There are more, from here with\n--cursor ${nextCursor}`);
  return lines.map((line) => paint('dim', `${line}\n`)).join('');
}
