import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely';
import type { RunOrder } from '../../domain/cursor.ts';
import type { NormalFilter } from '../../domain/filter.ts';
import type { DatabaseSchema } from './database-schema.ts';
import { slot } from './slot.ts';

/** Which conditions a query has, without their values: queries of one shape share their SQL. */
export interface QueryShape {
  /** The names of the conditions of the filter. */
  conditions: readonly (keyof NormalFilter)[];
  /** The slots of the statuses that the filter names. */
  statuses: readonly string[];
  order: RunOrder;
  /** Whether it goes on after a place. */
  after: boolean;
}

/** The tables of a composed query, with their short names. */
export type Aliased = DatabaseSchema & { r: DatabaseSchema['agent_runs'] };
type Builder = ExpressionBuilder<Aliased, 'r'>;

const EQUAL = {
  repository: 'r.repository',
  agent: 'r.agent',
  sessionId: 'r.session_id',
  branch: 'r.branch',
  parentRunId: 'r.parent_run_id',
  callerRunId: 'r.caller_run_id',
} as const;

/**
 * Where a query finds the total order of runs: the index of a tag has it too, so a list of one tag is
 * read from there.
 */
export function placeOf({ conditions }: Pick<QueryShape, 'conditions'>) {
  const [startedAt, id] = conditions.includes('tag')
    ? ['t.started_at', 't.run_id']
    : ['r.started_at', 'r.id'];
  return { startedAt: sql.ref<number>(startedAt), id: sql.ref<string>(id) };
}

/** The runs that a query of this shape is about, `r`, without order and limit. */
export function matchingRuns(db: Kysely<DatabaseSchema>, shape: QueryShape) {
  const byTag = shape.conditions.includes('tag');
  return db
    .selectFrom('agent_runs as r')
    .$if(byTag, (query) =>
      query.innerJoin('run_tags as t', (join) =>
        join.onRef('t.run_id', '=', 'r.id').on('t.tag', '=', slot<string>('tag')),
      ),
    )
    .where((builder) => builder.and(conditionsOf(builder as unknown as Builder, shape)));
}

function conditionsOf(builder: Builder, shape: QueryShape): Expression<SqlBool>[] {
  const { startedAt, id } = placeOf(shape);
  const all: Expression<SqlBool>[] = [];
  for (const name of shape.conditions) {
    if (name in EQUAL) {
      const column = EQUAL[name as keyof typeof EQUAL];
      all.push(builder(column, '=', slot<string>(name)));
    } else if (name === 'model') all.push(hasModel(builder));
    else if (name === 'errorCode') all.push(hasErrorCode(builder));
    else if (name === 'since') all.push(sql<SqlBool>`${startedAt} >= ${slot('since')}`);
    else if (name === 'until') all.push(sql<SqlBool>`${startedAt} < ${slot('until')}`);
  }
  if (shape.statuses.length > 0) all.push(hasStatus(builder, shape.statuses));
  if (shape.after) {
    const direction = sql.raw(shape.order === 'oldest' ? '>' : '<');
    const place = sql`(${slot('afterTime')}, ${slot('afterId')})`;
    all.push(sql<SqlBool>`(${startedAt}, ${id}) ${direction} ${place}`);
  }
  return all;
}

function hasStatus(builder: Builder, names: readonly string[]): Expression<SqlBool> {
  const slots = names.map((name) => slot<string>(name));
  const [first] = slots;
  // An IN of one value would cost SQLite the order of its index.
  const isOne = first !== undefined && slots.length === 1;
  return isOne ? builder('r.status', '=', first) : builder('r.status', 'in', slots);
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
