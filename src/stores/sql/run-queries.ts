import { type Expression, type Kysely, type SqlBool, sql } from 'kysely';
import type { NormalFilter } from '../../domain/filter.ts';
import type { PageRequest } from '../../repository/run-store.ts';
import { textColumn } from './column-values.ts';
import type { SqlValue } from './columns.ts';
import type { DatabaseSchema } from './database-schema.ts';
import { driverOf } from './query-driver.ts';
import {
  aside,
  type ConditionWords,
  matchingRuns,
  placeOf,
  type QueryShape,
} from './run-conditions.ts';
import {
  type BoundQuery,
  bind,
  type CompiledQuery,
  compile,
  type SlotValues,
  slot,
} from './slot.ts';
import { type AggregateWords, overallColumns, repositoryColumns } from './statistics-columns.ts';

/** A condition beyond those of a filter, such as being found by a search. */
export interface Restriction {
  /** Tells restrictions apart: those of one name have the same SQL. */
  name: string;
  condition: Expression<SqlBool>;
  values: SlotValues;
}

/** What the engines write differently. */
export interface EngineWords extends AggregateWords, ConditionWords {
  /** What a run is looked up by, once its place is known. */
  rowKey: 'run_number' | 'id';
  /** A time as the engine keeps times. */
  timeValue(time: string): SqlValue;
  /** The id of a run as the engine keeps ids; NULL for what cannot be one. */
  idValue(id: string): SqlValue;
}

/** Composes the queries that depend on a filter, each compiled once per shape. */
export class RunQueries {
  readonly #db: Kysely<DatabaseSchema>;
  readonly #words: EngineWords;
  readonly #compiled = new Map<string, CompiledQuery>();

  constructor(db: Kysely<DatabaseSchema>, words: EngineWords) {
    this.#db = db;
    this.#words = words;
  }

  /** `row_key`, `started_at` and `id` of a page of runs, in order, read from an index. */
  keys(request: PageRequest, restriction?: Restriction): BoundQuery {
    const bounded = withoutSpareBound(request);
    const shape = shapeOf(bounded);
    const key = `keys ${JSON.stringify(shape)} ${restriction?.name ?? ''}`;
    const compiled = this.#once(key, () => compile(this.#composeKeys(shape, restriction)));
    return bind(compiled, { ...this.#valuesOf(bounded), ...restriction?.values });
  }

  /** The figures of the runs that match, in one row. */
  overall(filter: NormalFilter): BoundQuery {
    return this.#aggregate('overall', filter, (runs) => runs.select(overallColumns(this.#words)));
  }

  /** The figures of the runs that match, one row per repository. */
  byRepository(filter: NormalFilter): BoundQuery {
    // An expression keeps an engine from walking the index for its order and looking up every run.
    const repository = isCovered(filter) ? sql.ref('r.repository') : aside('r.repository');
    return this.#aggregate('byRepository', filter, (runs) =>
      runs
        .select([repository.as('repository'), ...repositoryColumns(this.#words)])
        .groupBy(repository),
    );
  }

  #aggregate(
    name: string,
    filter: NormalFilter,
    select: (runs: ReturnType<typeof matchingRuns>) => Parameters<typeof compile>[0],
  ): BoundQuery {
    const request: PageRequest = { filter, order: 'oldest', after: null, limit: 0 };
    const shape = shapeOf(request);
    const isWindow = (filter.since ?? filter.until) !== undefined;
    const skips = isWindow && isCovered(filter) && !filter.repository && !filter.statuses;
    const compose = () => {
      const runs = matchingRuns(this.#db, shape, this.#words);
      return compile(select(skips ? runs.where(inEveryRepository()) : runs));
    };
    return bind(this.#once(`${name} ${JSON.stringify(shape)}`, compose), this.#valuesOf(request));
  }

  #composeKeys(shape: QueryShape, restriction: Restriction | undefined) {
    const select = (only: QueryShape) => {
      const { startedAt, id } = placeOf(only);
      const rowKey = sql.ref(`r.${this.#words.rowKey}`);
      return matchingRuns(this.#db, only, this.#words)
        .where((builder) => builder.and(restriction === undefined ? [] : [restriction.condition]))
        .select([rowKey.as('row_key'), startedAt.as('started_at'), id.as('id')]);
    };
    // Several statuses are as many ranges of one index, merged: no sort, whatever their number.
    const isMerged = shape.driver === 'statuses' && shape.statuses.length > 1;
    const parts = isMerged
      ? shape.statuses.map((status) => select({ ...shape, statuses: [status] }))
      : [select(shape)];
    const direction = shape.order === 'oldest' ? 'asc' : 'desc';
    return parts
      .reduce((all, part) => all.unionAll(part))
      .orderBy('started_at', direction)
      .orderBy('id', direction)
      .limit(slot<number>('limit'));
  }

  #once(key: string, compose: () => CompiledQuery): CompiledQuery {
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const compiled = compose();
    this.#compiled.set(key, compiled);
    return compiled;
  }

  #valuesOf({ filter, after, limit }: PageRequest): SlotValues {
    const values: Record<string, SqlValue> = { limit };
    for (const [name, value] of Object.entries(filter)) {
      if (typeof value !== 'string') continue;
      values[name] = this.#valueOf(name, value);
    }
    filter.statuses?.forEach((status, at) => {
      values[statusSlot(at)] = status;
    });
    if (after !== null) {
      values.afterTime = this.#words.timeValue(after.startedAt);
      values.afterId = after.id;
    }
    return values;
  }

  #valueOf(name: string, value: string): SqlValue {
    if (name === 'since' || name === 'until') return this.#words.timeValue(value);
    const isId = name === 'parentRunId' || name === 'callerRunId';
    return isId ? this.#words.idValue(value) : textColumn(value);
  }
}

/** Whether the index of repositories holds all that statistics of these runs look at. */
function isCovered({ statuses: _, since: _1, until: _2, repository: _3, ...others }: NormalFilter) {
  return Object.keys(others).length === 0;
}

/**
 * True for every run. It makes the index of repositories, which has what statistics need, answer for
 * a window of time too: in each repository the window is one range of it.
 */
function inEveryRepository() {
  return sql<SqlBool>`r.repository IN (
    WITH RECURSIVE each_one (repository) AS (
      SELECT min(repository) FROM ${sql.table('agent_runs')}
      UNION ALL
      SELECT (SELECT min(repository) FROM ${sql.table('agent_runs')} WHERE repository > each_one.repository)
      FROM each_one WHERE each_one.repository IS NOT NULL
    )
    SELECT repository FROM each_one WHERE repository IS NOT NULL
  )`;
}

function shapeOf({ filter, order, after }: PageRequest): QueryShape {
  const { statuses = [], ...rest } = filter;
  return {
    conditions: (Object.keys(rest) as (keyof NormalFilter)[]).sort(),
    statuses: statuses.map((_, at) => statusSlot(at)),
    driver: driverOf(filter),
    order,
    after: after !== null,
  };
}

function statusSlot(at: number): string {
  return `status${at}`;
}

/**
 * The request without the one of two bounds that the other implies. With both, an engine may start at
 * the wrong one, and a page would cost what lies before it.
 */
function withoutSpareBound(request: PageRequest): PageRequest {
  const { filter, order, after } = request;
  const name = order === 'newest' ? 'until' : 'since';
  const bound = filter[name];
  if (after === null || bound === undefined) return request;
  const placeIsTighter = order === 'newest' ? after.startedAt < bound : after.startedAt >= bound;
  if (!placeIsTighter) return { ...request, after: null };
  const { [name]: _, ...others } = filter;
  return { ...request, filter: others };
}
