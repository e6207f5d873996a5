import pg from 'pg';
import { onTestFinished } from 'vitest';
import type { RunStore } from '../../../src/repository/run-store.ts';
import {
  openPostgresStore,
  type PostgresStoreOptions,
} from '../../../src/stores/postgres/open-postgres-store.ts';
import { findBinaries, MAJORS } from '../../support/postgres/binaries.ts';
import {
  type ServerSettings,
  startServer,
  startStandby,
  type TestServer,
} from '../../support/postgres/server.ts';
import { testWhere } from '../../support/test-where.ts';

const binaries = MAJORS.map(findBinaries).findLast((found) => found !== null) ?? null;

/** A test that starts servers of its own, of the newest version that there is here. */
export const serverTest = testWhere(
  binaries === null ? 'there are no programs of a PostgreSQL server' : null,
);

/** Starts a server for the test under way. */
export async function ownServer(settings?: ServerSettings): Promise<TestServer> {
  if (binaries === null) throw new TypeError('There are no programs of a server here.');
  return untilTestEnds(await startServer(binaries, settings));
}

/** Starts a standby of it. */
export async function ownStandby(primary: TestServer): Promise<TestServer> {
  return untilTestEnds(await startStandby(primary));
}

function untilTestEnds(server: TestServer): TestServer {
  onTestFinished(() => server.stop());
  return server;
}

/** Opens the store in the schema `runs` of a server, and makes it where there is none. */
export function openOn(
  { host, port }: Pick<TestServer, 'host' | 'port'>,
  options: Partial<PostgresStoreOptions> = {},
): Promise<RunStore> {
  return openPostgresStore({
    ...addressOf({ host, port }, `the server at ${port}`),
    synchronize: true,
    ...options,
  });
}

/** Where the store of a server is. */
export function addressOf({ host, port }: Pick<TestServer, 'host' | 'port'>, location: string) {
  const place = { host, port, username: 'postgres', database: 'postgres', schema: 'runs' };
  return { ...place, ssl: false as const, location };
}

/** Asks a server something past the store; gives the first row. */
export async function ask<T = Record<string, unknown>>(
  { host, port }: Pick<TestServer, 'host' | 'port'>,
  sql: string,
): Promise<T> {
  const client = new pg.Client({ host, port, user: 'postgres', database: 'postgres' });
  await client.connect();
  try {
    return (await client.query(sql)).rows[0];
  } finally {
    await client.end();
  }
}
