import {
  type Expression,
  type ExpressionBuilder,
  type Kysely,
  type RawBuilder,
  type SqlBool,
  sql,
} from 'kysely';
import type { RunOrder } from '../../domain/cursor.ts';
import type { NormalFilter } from '../../domain/filter.ts';
import type { DatabaseSchema } from './database-schema.ts';
import type { QueryDriver } from './query-driver.ts';
import { slot } from './slot.ts';

/** Which conditions a query has, without their values: queries of one shape share their SQL. */
export interface QueryShape {
  /** The names of the conditions of the filter, but for the statuses. */
  conditions: readonly (keyof NormalFilter)[];
  /** The slots of the statuses that the filter names. */
  statuses: readonly string[];
  /** The condition whose index is used. */
  driver: QueryDriver;
  order: RunOrder;
  /** Whether it goes on after a place. */
  after: boolean;
}

/** The tables of a composed query, with their short names. */
type Aliased = DatabaseSchema & { r: DatabaseSchema['agent_runs'] };
type Builder = ExpressionBuilder<Aliased, 'r'>;

/** What the engines write differently in conditions. */
export interface ConditionWords {
  /** That a column, by which an index is ordered, has the value of a slot. */
  hasValue(column: string, name: string): RawBuilder<SqlBool>;
}

const EQUAL = {
  repository: 'r.repository',
  agent: 'r.agent',
  sessionId: 'r.session_id',
  branch: 'r.branch',
  parentRunId: 'r.parent_run_id',
  callerRunId: 'r.caller_run_id',
} as const;

/** Where a query finds the total order of runs: in the table that it starts from. */
export function placeOf({ driver }: Pick<QueryShape, 'driver'>) {
  const [startedAt, id] = PLACES[driver ?? ''] ?? ['r.started_at', 'r.id'];
  return { startedAt: sql.ref<number>(startedAt), id: sql.ref<string>(id) };
}

const PLACES: Readonly<Record<string, readonly [startedAt: string, id: string]>> = {
  tag: ['t.started_at', 't.run_id'],
  errorCode: ['c.run_started_at', 'c.run_id'],
};

/** The runs that a query of this shape is about, `r`, without order and limit. */
export function matchingRuns(db: Kysely<DatabaseSchema>, shape: QueryShape, words: ConditionWords) {
  return db
    .selectFrom('agent_runs as r')
    .$if(shape.driver === 'tag', (query) =>
      query.innerJoin('run_tags as t', (join) =>
        join.onRef('t.run_id', '=', 'r.id').on(words.hasValue('t.tag', 'tag')),
      ),
    )
    .$if(shape.driver === 'errorCode', (query) =>
      query.innerJoin('run_errors as c', (join) =>
        join.onRef('c.run_id', '=', 'r.id').on(words.hasValue('c.code', 'errorCode')),
      ),
    )
    .where((builder) => builder.and(conditionsOf(builder as unknown as Builder, shape, words)));
}

function conditionsOf(
  builder: Builder,
  shape: QueryShape,
  words: ConditionWords,
): Expression<SqlBool>[] {
  const { startedAt, id } = placeOf(shape);
  const all: Expression<SqlBool>[] = [];
  for (const name of shape.conditions) {
    if (name in EQUAL) {
      const column = EQUAL[name as keyof typeof EQUAL];
      const isDriver = shape.driver === name;
      all.push(
        isDriver ? words.hasValue(column, name) : sql<SqlBool>`${aside(column)} = ${slot(name)}`,
      );
    } else if (name === 'model') all.push(hasModel(builder));
    else if (name === 'since') all.push(sql<SqlBool>`${startedAt} >= ${slot('since')}`);
    else if (name === 'until') all.push(sql<SqlBool>`${startedAt} < ${slot('until')}`);
    else if (name === 'tag' && shape.driver !== name) all.push(hasTag(builder));
    else if (name === 'errorCode' && shape.driver !== name) all.push(hasErrorCode(builder));
  }
  if (shape.statuses.length > 0) all.push(hasStatus(shape));
  if (shape.after) {
    const direction = sql.raw(shape.order === 'oldest' ? '>' : '<');
    const place = sql`(${slot('afterTime')}, ${slot('afterId')})`;
    all.push(sql<SqlBool>`(${startedAt}, ${id}) ${direction} ${place}`);
  }
  return all;
}

/** A text column as an expression, which no index is used for. */
export function aside(column: string) {
  return sql<string>`${sql.ref(column)} || ''`;
}

function hasStatus({ statuses, driver }: QueryShape): Expression<SqlBool> {
  const column = driver === 'statuses' ? sql.ref('r.status') : aside('r.status');
  const slots = statuses.map((name) => slot<string>(name));
  // An IN of one value would cost SQLite the order of its index.
  if (slots.length === 1) return sql<SqlBool>`${column} = ${slots[0]}`;
  return sql<SqlBool>`${column} IN (${sql.join(slots)})`;
}

function hasModel(builder: Builder): Expression<SqlBool> {
  const inputs = builder
    .selectFrom('agent_inputs as i')
    .select('i.run_id')
    .whereRef('i.run_id', '=', 'r.id')
    .where('i.model', '=', slot<string>('model'));
  return builder.exists(inputs);
}

function hasErrorCode(builder: Builder): Expression<SqlBool> {
  const errors = builder
    .selectFrom('run_errors as e')
    .select('e.run_id')
    .whereRef('e.run_id', '=', 'r.id')
    .where('e.code', '=', slot<string>('errorCode'));
  return builder.exists(errors);
}

function hasTag(builder: Builder): Expression<SqlBool> {
  const tags = builder
    .selectFrom('run_tags as g')
    .select('g.run_id')
    .where('g.tag', '=', slot<string>('tag'))
    .whereRef('g.started_at', '=', 'r.started_at')
    .whereRef('g.run_id', '=', 'r.id');
  return builder.exists(tags);
}
