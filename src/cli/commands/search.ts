import type { Command } from 'commander';
import type { RunRepository, SearchHit, SearchPage } from '../../repository/run-repository.ts';
import { addFilterOptions, type FilterOptions, readFilter } from '../filter-options.ts';
import { addExamples } from '../help-examples.ts';
import { callOnStore } from '../how-to-call.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { MOST_ON_PAGE, pageLimit } from '../option-values.ts';
import type { Piece } from '../output/cell.ts';
import { countOf } from '../output/figures.ts';
import { writeJson } from '../output/json-document.ts';
import { formatRunTable, withCostUsd } from '../output/run-table.ts';
import { writeNote, writeOut } from '../output/stdout.ts';
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
    .option('--limit <number>', `hits on a page, 1 to ${MOST_ON_PAGE}`, pageLimit, 10)
    .option('--cursor <cursor>', 'go on where the page before ended');
  addStoreOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['search connection reset', 'runs with both words'],
    ['search getRunsByRepository --status FAILED', 'a name from the code, failed runs only'],
  ]).action((words: string[], options: Options) =>
    withRepository(options, 'read', (repository) => search(repository, words.join(' '), options)),
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
  if (rows.length === 0) await writeNote(nothingFound(query));
  else await writeOut(formatRunTable(rows, Date.now(), terminalWidth()) + remarks(page));
}

/** Such as `PARSE_ERROR` or `ETIMEDOUT`: what `list` shows in front of the message. */
const ERROR_CODE = /^[A-Z][A-Z0-9_]{3,}$/;

function nothingFound(query: string): string {
  const words = query.trim().split(/\s+/);
  const fewer = words.length > 1 ? '; fewer words find more' : '';
  const code = words.find((word) => ERROR_CODE.test(word));
  const byCode =
    code === undefined
      ? ''
      : `To see what failed with that error code:\n  ${callOnStore(`list --error ${code}`)}\n`;
  return `No run matches${fewer}. ${byCode}To see the newest of all:\n  ${callOnStore('list')}\n`;
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
