import { isDeepStrictEqual } from 'node:util';
import type { StoredRun } from '../../../domain/run.ts';
import { digestColumn } from '../../sql/column-values.ts';
import { changedColumns, type PartTable, type SqlRow, type SqlValue } from '../../sql/columns.ts';
import { imageOfUpdate } from '../../sql/ledger-image.ts';
import {
  ERROR_TABLE,
  INPUT_TABLE,
  OUTPUT_TABLE,
  RUN_TABLE,
  type RunPart,
} from '../../sql/part-tables.ts';
import { runOfRow } from '../../sql/run-of-row.ts';
import { STEP_TABLE } from '../../sql/step-table.ts';
import type { StoredRow } from '../../sql/stored-row.ts';
import type { Connection } from '../connection/connection.ts';
import { Parameters } from '../connection/parameters.ts';
import { typeOf } from '../connection/value-types.ts';
import { NewContents } from './contents.ts';
import { TAG_COLUMNS, tagRows } from './insert-runs.ts';
import { insertContents, insertRows, type WriteStatement } from './write-statement.ts';

/**
 * The statement that replaces a run, where it is still what `stored` says, and writes only what changed.
 */
export function updateStatement(
  db: Connection,
  stored: StoredRow,
  after: RunPart,
): Promise<WriteStatement> {
  return new RunUpdate(stored, after).statement(db);
}

/** Composes the statement of one update. */
class RunUpdate {
  readonly #parameters = new Parameters();
  readonly #contents = new NewContents();
  readonly #stored: StoredRow;
  readonly #after: RunPart;
  readonly #before: StoredRun;

  constructor(stored: StoredRow, after: RunPart) {
    this.#stored = stored;
    this.#after = after;
    this.#before = runOfRow(stored.row);
  }

  async statement(db: Connection): Promise<WriteStatement> {
    const { steps } = this.#stored;
    const { run, digest } = this.#after;
    const { id: runId, startedAt, input, output, error } = run;
    const failure = error && { runId, startedAt, part: error };
    const stepParts = this.#stepParts();
    const stepsChanged = (steps === null) !== (run.steps === undefined) || stepParts.length > 0;
    const parts = [
      this.#runPart(),
      ...this.#part(INPUT_TABLE, { runId, part: input }, 'input_'),
      ...this.#part(OUTPUT_TABLE, output && { runId, part: output }, 'output_'),
      ...this.#part(ERROR_TABLE, failure, 'error_'),
      ...this.#tagParts(),
      ...stepParts,
    ];
    const { keep } = this.#contents;
    const change = { before: this.#before, stepsBefore: steps };
    const overwrote = imageOfUpdate(change, run, stepsChanged, keep);
    parts.push(...(await insertContents(db, this.#contents, this.#parameters)));
    return {
      parts,
      parameters: this.#parameters,
      changes: [
        {
          runId,
          version: run.version,
          operation: 'update',
          digest: digestColumn(digest),
          overwrote,
        },
      ],
    };
  }

  /** The version alone would not do: a run may be deleted and come back. */
  #runPart(): string {
    const { row } = this.#stored;
    const values = RUN_TABLE.values(this.#after);
    const changed = changedColumns(RUN_TABLE, values, row);
    const id = this.#parameters.one(row.id ?? null, 'uuid');
    const digest = this.#parameters.one(row.digest ?? null, 'bytea');
    const version = this.#parameters.one(row.version ?? null, 'bigint');
    const created = this.#parameters.one(row.created_at ?? null, 'timestamptz');
    return `run AS (UPDATE {s}.agent_runs SET ${this.#sets(RUN_TABLE.columns, values, changed)}
      WHERE id = ${id} AND version = ${version} AND digest = ${digest} AND created_at = ${created}
      RETURNING id)`;
  }

  /** What makes the row of a part that of now, where there was one under this prefix. */
  #part<Part>(table: PartTable<Part>, part: Part | undefined, prefix: string): string[] {
    const { row } = this.#stored;
    const { name, columns } = table;
    const wasThere = row[`${prefix}run_id`] !== null;
    if (part === undefined) {
      return wasThere
        ? [`from_${name} AS (DELETE FROM {s}.${name} USING run WHERE run_id = run.id)`]
        : [];
    }
    const values = table.values(part);
    if (!wasThere)
      return [insertRows(name, columns, [values], this.#parameters, { extent: 'one' })];
    const changed = changedColumns(table, values, row, prefix);
    if (changed.length === 0) return [];
    const sets = this.#sets(columns, values, changed);
    return [`of_${name} AS (UPDATE {s}.${name} SET ${sets} FROM run WHERE run_id = run.id)`];
  }

  #tagParts(): string[] {
    const { run } = this.#after;
    const before = this.#before;
    if (before.startedAt === run.startedAt && isDeepStrictEqual(before.tags, run.tags)) return [];
    const rows = tagRows(run);
    return [
      'old_tags AS (DELETE FROM {s}.run_tags USING run WHERE run_id = run.id)',
      ...(rows.length > 0
        ? [insertRows('run_tags', TAG_COLUMNS, rows, this.#parameters, { extent: 'one' })]
        : []),
    ];
  }

  /** Replaces the steps from the first that differs on: a transcript that grew costs its new steps. */
  #stepParts(): string[] {
    const { id: runId, steps = [] } = this.#after.run;
    const old = this.#stored.steps ?? [];
    const { keep } = this.#contents;
    const rows = steps.map((step, ordinal) => STEP_TABLE.values({ runId, ordinal, step, keep }));
    const isEqual = (row: SqlRow, values: readonly SqlValue[]) =>
      changedColumns(STEP_TABLE, values, { ...row, run_id: runId }).length === 0;
    const differs = (values: readonly SqlValue[], at: number) => {
      const row = old[at];
      return row === undefined || !isEqual(row, values);
    };
    const first = rows.findIndex(differs);
    const from = first === -1 ? rows.length : first;
    const parts: string[] = [];
    if (old.length > from) {
      const ordinal = this.#parameters.one(from, 'bigint');
      parts.push(
        `old_steps AS (DELETE FROM {s}.run_steps USING run
          WHERE run_id = run.id AND ordinal >= ${ordinal} RETURNING ordinal)`,
      );
    }
    if (rows.length > from) {
      // The parts of a statement have no order of their own: what is asked for is done before.
      const after = parts.length > 0 ? ', (SELECT count(*) FROM old_steps) gone' : '';
      const { name, columns } = STEP_TABLE;
      parts.push(
        insertRows(name, columns, rows.slice(from), this.#parameters, { extent: 'one', after }),
      );
    }
    return parts;
  }

  #sets(
    columns: readonly string[],
    values: readonly SqlValue[],
    changed: readonly string[],
  ): string {
    return changed
      .map((column) => {
        const value = values[columns.indexOf(column)] ?? null;
        return `${column} = ${this.#parameters.one(value, typeOf(column))}`;
      })
      .join(', ');
  }
}
