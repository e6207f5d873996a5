import type { RunPlace } from '../../domain/cursor.ts';
import type { NormalFilter } from '../../domain/filter.ts';
import type { RunSummary, StoredRun } from '../../domain/run.ts';
import type { RunStatistics } from '../../domain/statistics.ts';
import type { PageRequest } from '../../repository/run-store.ts';
import { readTime } from '../sql/column-values.ts';
import type { Restriction } from '../sql/run-queries.ts';
import { statisticsOfRows } from '../sql/statistics-columns.ts';
import { runOfStoredRow, type StoredRow } from '../sql/stored-row.ts';
import { selectSummaries, summaryOfRow } from '../sql/summary-of-row.ts';
import type { Connection } from './connection.ts';
import { Contents } from './contents.ts';
import { queries } from './queries.ts';
import { readStoredRow } from './stored-row.ts';

/** The runs of these ids that exist, by id. */
export function readRuns(
  db: Connection,
  ids: readonly string[],
  { withSteps = true }: { withSteps?: boolean } = {},
): Map<string, StoredRun> {
  const contents = new Contents(db);
  const runs = new Map<string, StoredRun>();
  for (const id of ids) {
    const stored = readStoredRow(db, id, withSteps);
    if (stored !== null) runs.set(id, runOfStoredRow(stored, contents));
  }
  return runs;
}

/** Where the runs of a page stand, in order; those alone that a restriction lets through. */
export function readPlaces(
  db: Connection,
  request: PageRequest,
  restriction?: Restriction,
): RunPlace[] {
  const { sql, values } = queries.keys(request, restriction);
  return db.all(sql, values).map((row) => ({
    id: row.id as string,
    startedAt: readTime(row.started_at) ?? '',
  }));
}

/** In this order of tables SQLite keeps that of the keys. */
const JOIN_RUNS = 'CROSS JOIN agent_runs r ON r.run_number = k.row_key';

/** A page of summaries, in one statement. */
export function readSummaries(db: Connection, request: PageRequest): RunSummary[] {
  const { sql, values } = queries.keys(request);
  return db.all(selectSummaries(sql, JOIN_RUNS), values).map(summaryOfRow);
}

/** A page of whole runs, until they have so many bytes. */
export function readPage(
  db: Connection,
  { maxBytes, ...request }: PageRequest & { maxBytes: number },
): StoredRun[] {
  const { sql, values } = queries.keys(request);
  const contents = new Contents(db);
  const runs: StoredRun[] = [];
  let bytes = 0;
  for (const { id } of db.all(sql, values)) {
    const stored = readStoredRow(db, id as string);
    if (stored === null) continue;
    const run = runOfStoredRow(stored, contents);
    bytes += lengthOf(stored);
    if (runs.length > 0 && bytes + contents.served > maxBytes) break;
    runs.push(run);
  }
  return runs;
}

/** The figures of the runs that match. */
export function readStatistics(db: Connection, filter: NormalFilter): RunStatistics {
  const overall = queries.overall(filter);
  const groups = queries.byRepository(filter);
  const figures = db.get(overall.sql, overall.values) ?? {};
  return statisticsOfRows(figures, db.all(groups.sql, groups.values));
}

/** The length of all texts in the rows of a run: about that of its JSON. */
function lengthOf({ row, steps }: StoredRow): number {
  let length = 0;
  for (const one of [row, ...(steps ?? [])]) {
    for (const value of Object.values(one)) if (typeof value === 'string') length += value.length;
  }
  return length;
}
