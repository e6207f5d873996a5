import { DatabaseSync, type StatementSync } from 'node:sqlite';
import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { DatabaseSchema } from '../src/stores/sql/database-schema.ts';
import { queries } from '../src/stores/sqlite/queries.ts';
import { type Benchmark, compared } from './benchmark.ts';
import { compare, timed } from './harness.ts';
import { sampleRuns } from './sample-runs.ts';
import { makeDatabase } from './sample-store.ts';
import { ScratchFolder } from './scratch-folder.ts';

const REPOSITORY = 'team-0/service-2';
const PAGE = 50;
const CALLS = 500;
const NAMES = { raw: 'SQL by hand', once: 'composed once', always: 'composed each time' };

/** What composing a query with Kysely costs, as decision 1 has it: the page of a repository. */
export const queryLayer: Benchmark = {
  name: 'query-layer',
  about: 'the query of a page, composed by Kysely, against the same written by hand',
  async run({ isQuick, progress }) {
    const rounds = isQuick ? 5 : 25;
    using folder = new ScratchFolder();
    const path = folder.newFile();
    await makeDatabase(path, sampleRuns(1000));
    using database = new DatabaseSync(path, { readOnly: true });
    const statements = new Map<string, StatementSync>();
    const run = (sql: string, values: readonly unknown[]) => {
      const statement = statements.get(sql) ?? database.prepare(sql);
      statements.set(sql, statement);
      return statement.all(...(values as (string | number)[]));
    };

    progress(`${CALLS} pages, ${rounds} rounds`);
    const contestant = (name: string, page: () => unknown[]) => ({
      name,
      round: () =>
        timed(() => {
          for (let call = 0; call < CALLS; call += 1) page();
        }),
    });
    const contestants = [
      contestant(NAMES.raw, () => run(BY_HAND, [REPOSITORY, PAGE])),
      contestant(NAMES.once, () => {
        const filter = { repository: REPOSITORY };
        const bound = queries.keys({ filter, order: 'newest', after: null, limit: PAGE });
        return run(bound.sql, bound.values);
      }),
      contestant(NAMES.always, () => {
        const { sql, parameters } = compose();
        return run(sql, parameters);
      }),
    ];
    const times = await compare(contestants, { rounds, warmUps: 3 });
    return [NAMES.once, NAMES.always].map((name) =>
      compared(times, {
        what: `query ${name}`,
        of: [name, NAMES.raw],
        measure: 'time',
        perRound: CALLS,
      }),
    );
  },
};

const BY_HAND = `SELECT run_number, started_at, id FROM agent_runs WHERE repository = ?
  ORDER BY started_at DESC, id DESC LIMIT ?`;

const composer = new Kysely<DatabaseSchema>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

function compose() {
  return composer
    .selectFrom('agent_runs')
    .select(['run_number', 'started_at', 'id'])
    .where('repository', '=', REPOSITORY)
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(PAGE)
    .compile();
}
