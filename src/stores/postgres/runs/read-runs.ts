import type { RunPlace } from '../../../domain/cursor.ts';
import type { NormalFilter } from '../../../domain/filter.ts';
import type { RunSummary, StoredRun } from '../../../domain/run.ts';
import type { RunStatistics } from '../../../domain/statistics.ts';
import type { PageRequest } from '../../../repository/run-store.ts';
import { readTime } from '../../sql/column-values.ts';
import type { SqlRow } from '../../sql/columns.ts';
import type { Restriction } from '../../sql/run-queries.ts';
import { statisticsOfRows } from '../../sql/statistics-columns.ts';
import { runOfStoredRow, type StoredRow } from '../../sql/stored-row.ts';
import { selectSummaries, summaryOfRow } from '../../sql/summary-of-row.ts';
import type { Connection } from '../connection/connection.ts';
import { KnownContents } from './contents.ts';
import { queries } from './queries.ts';
import { learnTexts, readStoredRows } from './stored-rows.ts';

/** A page is read in pieces: of so many runs first, twice as many while they are small. */
const FIRST_PIECE = 8;
const LARGEST_PIECE = 128;

/** The runs of these ids that exist, by id. */
export async function readRuns(
  db: Connection,
  ids: readonly string[],
  { withSteps = true }: { withSteps?: boolean } = {},
): Promise<Map<string, StoredRun>> {
  const stored = await readStoredRows(db, ids, withSteps);
  const contents = new KnownContents();
  await learnTexts(db, stored.values(), contents);
  return new Map([...stored].map(([id, row]) => [id, runOfStoredRow(row, contents)]));
}

/** Where the runs of a page stand, in order; those alone that a restriction lets through. */
export async function readPlaces(
  db: Connection,
  request: PageRequest,
  restriction?: Restriction,
): Promise<RunPlace[]> {
  const { sql, values } = queries.keys(request, restriction);
  const rows = await db.rows(sql, values);
  return rows.map((row) => ({ id: row.id as string, startedAt: readTime(row.started_at) ?? '' }));
}

const JOIN_RUNS = 'JOIN {s}.agent_runs r ON r.id = k.row_key';

/** A page of summaries, in one statement. */
export async function readSummaries(db: Connection, request: PageRequest): Promise<RunSummary[]> {
  const { sql, values } = queries.keys(request);
  const direction = request.order === 'oldest' ? 'ASC' : 'DESC';
  const order = `ORDER BY k.started_at ${direction}, k.id ${direction}`;
  const rows = await db.rows(`${selectSummaries(sql, JOIN_RUNS, '{s}.')} ${order}`, values);
  return rows.map(summaryOfRow);
}

/** A page of whole runs, until they have so many bytes. Must be called where all is of one moment. */
export async function readPage(
  db: Connection,
  { maxBytes, ...request }: PageRequest & { maxBytes: number },
): Promise<StoredRun[]> {
  const { sql, values } = queries.keys(request);
  const ids = (await db.rows(sql, values)).map(({ id }) => id as string);
  const page: StoredRun[] = [];
  let bytes = 0;
  let size = FIRST_PIECE;
  for (let first = 0; first < ids.length; ) {
    const piece = ids.slice(first, first + size);
    const stored = await readStoredRows(db, piece);
    const contents = new KnownContents();
    await learnTexts(db, stored.values(), contents);
    for (const id of piece) {
      const row = stored.get(id);
      if (row === undefined) continue;
      const run = runOfStoredRow(row, contents);
      if (page.length > 0 && bytes + lengthOf(row) + contents.served > maxBytes) return page;
      bytes += lengthOf(row);
      page.push(run);
    }
    bytes += contents.served;
    first += piece.length;
    if (bytes / page.length < maxBytes / LARGEST_PIECE) size = Math.min(2 * size, LARGEST_PIECE);
    else size = 1;
  }
  return page;
}

/** The figures of the runs that match, all of one moment: one statement, whose rows come as JSON. */
export async function readStatistics(db: Connection, filter: NormalFilter): Promise<RunStatistics> {
  const overall = queries.overall(filter);
  const groups = queries.byRepository(filter);
  const [row] = await db.rows(
    `SELECT (SELECT row_to_json(o) FROM (${overall.sql}) o) AS overall,
      (SELECT json_agg(g) FROM (${placesAfter(overall.values.length, groups.sql)}) g) AS groups`,
    [...overall.values, ...groups.values],
  );
  const figures = JSON.parse(String(row?.overall)) as SqlRow;
  const byRepository = JSON.parse(String(row?.groups ?? '[]')) as SqlRow[];
  return statisticsOfRows(
    figures,
    byRepository.map((one) => ({ ...one, last_run_at: Date.parse(String(one.last_run_at)) })),
  );
}

/** A statement whose values follow so many others. */
function placesAfter(count: number, text: string): string {
  return text.replace(/\$(\d+)/g, (_, place: string) => `$${Number(place) + count}`);
}

/** The length of all texts in the rows of a run: about that of its JSON. */
function lengthOf({ row }: StoredRow): number {
  let length = 0;
  for (const value of Object.values(row)) if (typeof value === 'string') length += value.length;
  return length;
}
