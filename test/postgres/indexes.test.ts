import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { makeRun } from '../../src/conformance/make-run.ts';
import { put } from '../../src/conformance/operations.ts';
import { openDatabase } from '../../src/stores/postgres/connection/open-database.ts';
import {
  applyMigrations,
  storeMigrations,
} from '../../src/stores/postgres/schema/apply-migrations.ts';
import {
  applyPostgresSchema,
  readPostgresIndexes,
  readPostgresSchema,
} from '../../src/stores/postgres/schema/schema.ts';
import {
  newestServer,
  openStore,
  placeOf,
  targetOf,
  unusedSchema,
  withClient,
} from '../support/postgres/fresh-store.ts';
import { testOn } from '../support/test-where.ts';

const server = newestServer();
const test = testOn(server);

const NAME = 'agent_runs_by_branch';
/** A migration that builds an index while others write. */
const INDEX = {
  number: 9001,
  name: '9001-branch.sql',
  sql: `-- For lists of a branch.\nCREATE INDEX CONCURRENTLY ${NAME}\n  ON {s}.agent_runs (branch);\n`,
};

/** Applies the migrations of a store and that index. */
async function applyWithIndex(url: string): Promise<string[]> {
  const database = openDatabase({ ...placeOf(url), poolSize: 2 });
  try {
    return await applyMigrations(database, [...storeMigrations(), INDEX], { now: Date.now });
  } finally {
    await database.close();
  }
}

/** What the catalog says of the index, and our table of its migration. */
function stateOf(url: string) {
  const { schema } = targetOf(url);
  return withClient(url, async (client) => {
    const { rows } = await client.query(
      `SELECT (SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)) AS valid,
        (SELECT state FROM ${schema}.schema_migrations WHERE number = 9001) AS state`,
      [`${schema}.${NAME}`],
    );
    return rows[0];
  });
}

describe('an index of a migration', () => {
  test('is built by one of many that start at once', async () => {
    const url = unusedSchema(server);
    const applied = await Promise.all(Array.from({ length: 8 }, () => applyWithIndex(url)));
    const names = [...storeMigrations(), INDEX].map(({ name }) => name);
    expect(applied.flat().sort()).toEqual(names.sort());
    expect(await stateOf(url)).toEqual({ valid: true, state: 'done' });
  });

  test('that was left half built is built anew', async () => {
    const url = unusedSchema(server);
    const store = await openStore(url);
    await store.write([put(makeRun(1)), put(makeRun(2))], { atomic: true });
    await store.close();
    const { schema } = targetOf(url);
    await withClient(url, async (client) => {
      // Two runs of no branch are no two of one: the build fails and leaves what it has.
      const building = `CREATE UNIQUE INDEX CONCURRENTLY ${NAME} ON ${schema}.agent_runs (version)`;
      await expect(client.query(building)).rejects.toThrow('could not create unique index');
      const row =
        "INSERT INTO schema_migrations VALUES (9001, '9001-branch.sql', 'building', now())";
      await client.query(`SET search_path TO ${schema}; ${row}`);
    });
    expect(await stateOf(url)).toEqual({ valid: false, state: 'building' });
    expect(await applyWithIndex(url)).toEqual([INDEX.name]);
    expect(await stateOf(url)).toEqual({ valid: true, state: 'done' });
  });

  test('is built while others write and read', async () => {
    const url = unusedSchema(server);
    const store = await openStore(url);
    await withClient(url, async (client) => {
      // What looks at the store as it was keeps the build waiting.
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await client.query(`SELECT count(*) FROM ${targetOf(url).schema}.agent_runs`);
      const building = applyWithIndex(url);
      const others = applyWithIndex(url);
      while ((await stateOf(url)).valid === null) await sleep(10);
      await store.write([put(makeRun(1))], { atomic: true });
      expect((await store.statistics({})).totalRuns).toBe(1);
      expect(await stateOf(url)).toEqual({ valid: false, state: 'building' });
      await client.query('COMMIT');
      expect([...(await building), ...(await others)]).toEqual([INDEX.name]);
    });
    expect(await stateOf(url)).toEqual({ valid: true, state: 'done' });
    await store.close();
  });
});

describe('the index of English words', () => {
  const stateIn = async (url: string) => (await readPostgresIndexes(placeOf(url)))[0]?.state;

  test('is built when it is wanted, left as it is, and dropped when it is not', async () => {
    const url = unusedSchema(server);
    const apply = (postgresEnglishIndex?: boolean) =>
      applyPostgresSchema({
        ...placeOf(url),
        ...(postgresEnglishIndex !== undefined && { postgresEnglishIndex }),
      });
    await apply();
    expect(await stateIn(url)).toBe('absent');
    expect(await apply(true)).toEqual([]);
    expect(await stateIn(url)).toBe('built');
    await apply();
    expect(await stateIn(url)).toBe('built');
    await apply(false);
    expect(await stateIn(url)).toBe('absent');
  });

  test('is built by a store that may change its schema, and by no other', async () => {
    const url = unusedSchema(server);
    await applyPostgresSchema(placeOf(url));
    for (const [synchronize, expected] of [
      [false, 'absent'],
      [true, 'built'],
    ] as const) {
      const store = await openStore(url, { synchronize, postgresEnglishIndex: true });
      await store.close();
      expect(await stateIn(url)).toBe(expected);
    }
  });

  test('tells how far its building is', async () => {
    const url = unusedSchema(server);
    await applyPostgresSchema(placeOf(url));
    await withClient(url, async (client) => {
      await client.query(`SET search_path TO ${targetOf(url).schema}`);
      await client.query(`INSERT INTO agent_runs (id, repository, status, started_at, retry_count,
          version, created_at, updated_at, digest, has_usage)
        SELECT gen_random_uuid(), 'r', 'SUCCESS', now(), 0, 1, now(), now(), '', false
        FROM generate_series(1, 3000)`);
      await client.query(`INSERT INTO agent_inputs (run_id, prompt, recent_commits, diff)
        SELECT id, (SELECT string_agg(md5(id::text || k), ' ') FROM generate_series(1, 200) k),
          '[]', '' FROM agent_runs`);
    });
    const told: [number, number][] = [];
    const options = { ...placeOf(url), postgresEnglishIndex: true };
    await applyPostgresSchema(options, (done, total) => told.push([done, total]));
    expect(told.length).toBeGreaterThan(0);
    for (const [done, total] of told) expect(done).toBeLessThanOrEqual(total);
  });

  test('that was left half built is dropped when it is not wanted', async () => {
    const url = unusedSchema(server);
    await applyPostgresSchema(placeOf(url));
    await withClient(url, async (client) => {
      const { schema } = targetOf(url);
      await client.query(`CREATE INDEX agent_inputs_english ON ${schema}.agent_inputs (model)`);
      await client.query(`UPDATE pg_index SET indisvalid = false
        WHERE indexrelid = '${schema}.agent_inputs_english'::regclass`);
    });
    expect(await stateIn(url)).toBe('half built');
    await applyPostgresSchema({ ...placeOf(url), postgresEnglishIndex: false });
    expect(await stateIn(url)).toBe('absent');
  });

  test('a store without tables has none', async () => {
    const url = unusedSchema(server);
    expect(await stateIn(url)).toBe('absent');
    const applied = (await readPostgresSchema(placeOf(url))).map(({ appliedAt }) => appliedAt);
    expect(applied.every((time) => time === null)).toBe(true);
  });
});
