import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataSource, EntitySchema, type Repository } from 'typeorm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AgentRunEntity } from '../../../examples/typeorm/entities/agent-run.ts';
import { NodeSqlite } from '../../../examples/typeorm/node-sqlite.ts';
import { RefuseWrites } from '../../../examples/typeorm/refuse-writes.ts';
import type { AgentRun } from '../../../examples/typeorm/rows.ts';
import { runDataSource } from '../../../examples/typeorm/run-data-source.ts';
import { RUN_ENTITIES } from '../../../examples/typeorm/run-entities.ts';
import { makeRun, outputOf, RECOVERABLE } from '../../../src/conformance/make-run.ts';
import { openRunRepository } from '../../../src/open-repository.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A table of one's own, in the database of Runledger. */
const NoteEntity = new EntitySchema<{ id: number; note: string }>({
  name: 'Note',
  tableName: 'notes',
  columns: { id: { type: 'integer', primary: true }, note: { type: 'text' } },
});

/** A database with one run that has every part, closed. */
async function databaseWithRun(): Promise<string> {
  const database = join(temporaryFolder(), 'runs.db');
  const repository = await openRunRepository(`sqlite:${database}`);
  const output = outputOf('done');
  const steps = [{ kind: 'message' as const, output: 'said' }];
  await repository.save(makeRun(1, { status: 'FAILED', output, error: RECOVERABLE, steps }));
  await repository.close();
  return database;
}

async function open(runs: DataSource): Promise<DataSource> {
  await runs.initialize();
  onTestFinished(() => runs.destroy());
  return runs;
}

/** A data source that may write, and does to the tables what TypeORM would do by itself. */
function openForWriting(database: string): Promise<DataSource> {
  return open(
    new DataSource({
      type: 'better-sqlite3',
      driver: NodeSqlite,
      database,
      synchronize: true,
      entities: [...RUN_ENTITIES, NoteEntity],
      subscribers: [RefuseWrites],
    }),
  );
}

function query(database: string, sql: string) {
  using connection = new DatabaseSync(database, { readOnly: true });
  return connection.prepare(sql).all();
}

describe('the entities and the tables agree', () => {
  test.each(RUN_ENTITIES)('$options.tableName', async ({ options: { name, tableName } }) => {
    const database = await databaseWithRun();
    const { columns } = (await open(runDataSource(database))).getMetadata(name);
    const mapped = columns.map(({ databaseName, type, isNullable }) => [
      databaseName,
      String(type).toUpperCase(),
      isNullable ? 'NULL' : 'NOT NULL',
    ]);
    // Of a key that is the row's number SQLite does not say that it is never NULL.
    const real = query(
      database,
      `SELECT name, type, iif("notnull" OR pk, 'NOT NULL', 'NULL') FROM pragma_table_info('${tableName}')`,
    ).map((column) => Object.values(column));
    expect(mapped.sort()).toEqual(real.sort());
  });
});

describe('opening changes nothing', () => {
  test('by itself: not a byte', async () => {
    const database = await databaseWithRun();
    const before = readFileSync(database);
    const runs = await open(runDataSource(database));
    await runs.getRepository(AgentRunEntity).find({ relations: { input: true, steps: true } });
    expect((await runs.driver.createSchemaBuilder().log()).upQueries).toEqual([]);
    expect(readFileSync(database).equals(before)).toBe(true);
  });

  test('with synchronize, which makes tables of yours and leaves ours alone', async () => {
    const schema = `SELECT name, sql FROM sqlite_schema WHERE tbl_name <> 'notes' ORDER BY name`;
    const database = await databaseWithRun();
    const before = query(database, schema);
    const runs = await openForWriting(database);
    expect(query(database, schema)).toEqual(before);
    expect(await runs.getRepository(NoteEntity).save({ id: 1, note: 'mine' })).toEqual({
      id: 1,
      note: 'mine',
    });
  });
});

/** Every way to write a run that TypeORM has, but for statements that are written by hand. */
const WRITES: [string, (rows: Repository<AgentRun>, run: AgentRun) => Promise<unknown>][] = [
  ['save', (rows, run) => rows.save({ ...run, status: 'SUCCESS' })],
  ['save of a part', (rows, run) => rows.save({ ...run, error: null })],
  ['insert', (rows) => rows.insert({ id: 'new', status: 'QUEUED' })],
  ['upsert', (rows, { id }) => rows.upsert({ id, status: 'QUEUED' }, ['id'])],
  ['update', (rows, { id }) => rows.update({ id }, { status: 'SUCCESS' })],
  ['increment', (rows, { id }) => rows.increment({ id }, 'retryCount', 1)],
  ['remove', (rows, run) => rows.remove(run)],
  ['delete', (rows, { id }) => rows.delete({ id })],
  ['a query builder', (rows) => rows.createQueryBuilder().delete().execute()],
];

describe('runs are not written', () => {
  test.each(WRITES)('by %s, even where the database may be written', async (_name, write) => {
    const database = await databaseWithRun();
    const rows = (await openForWriting(database)).getRepository(AgentRunEntity);
    const run = await rows.findOneOrFail({ where: {}, relations: { error: true } });
    const before = query(database, 'SELECT * FROM agent_runs, run_errors');
    await expect(write(rows, run)).rejects.toThrow(/ is written through Runledger alone/);
    expect(query(database, 'SELECT * FROM agent_runs, run_errors')).toEqual(before);
  });

  test.each([
    ['clear', (runs: DataSource) => runs.getRepository(AgentRunEntity).clear()],
    ['a statement', (runs: DataSource) => runs.query('DELETE FROM agent_runs')],
  ])('by %s: the database is open for reading', async (_name, write) => {
    const runs = await open(runDataSource(await databaseWithRun()));
    await expect(write(runs)).rejects.toThrow('attempt to write a readonly database');
  });
});
