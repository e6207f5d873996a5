import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { findBinaries, MAJORS } from './binaries.ts';
import { startServer, type TestServer } from './server.ts';

/** Where a test finds a server. */
export interface ServerAddress {
  /** Names it in titles: `postgres 18`. */
  name: string;
  /** An address without a schema; null where there is no such server here. */
  url: string | null;
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: ServerAddress[];
    /** What the names of schemas begin with that are made in this run. */
    postgresPrefix: string;
  }
}

/**
 * Starts the servers that tests share, each test in a schema of its own. `RUNLEDGER_TEST_POSTGRES_URL`
 * names one to use instead, as a user who may do everything; what tests made there is dropped.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const prefix = `test_${Date.now().toString(36)}_`;
  project.provide('postgresPrefix', prefix);
  const given = process.env.RUNLEDGER_TEST_POSTGRES_URL;
  if (given) {
    project.provide('postgres', [{ name: 'postgres', url: given }]);
    return () => dropWhatTestsMade(given, prefix);
  }
  const servers: TestServer[] = [];
  const addresses = await Promise.all(
    MAJORS.map(async (major): Promise<ServerAddress> => {
      const binaries = findBinaries(major);
      if (binaries === null) return { name: `postgres ${major}`, url: null };
      const server = await startServer(binaries);
      servers.push(server);
      const host = encodeURIComponent(server.host);
      const url = `postgres://postgres@${host}:${server.port}/postgres`;
      return { name: `postgres ${major}`, url };
    }),
  );
  project.provide('postgres', addresses);
  return async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
}

async function dropWhatTestsMade(url: string, prefix: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  const drop = async (what: string, names: string) => {
    const { rows } = await client.query(names, [prefix]);
    for (const { name } of rows) await client.query(what.replaceAll('?', name));
  };
  await client.query('SET client_min_messages = error');
  const schemas = 'SELECT nspname AS name FROM pg_namespace WHERE starts_with(nspname, $1)';
  await drop('DROP SCHEMA ? CASCADE', schemas);
  const roles = 'SELECT rolname AS name FROM pg_roles WHERE position($1 in rolname) > 0';
  await drop('DROP OWNED BY ?; DROP ROLE ?', roles);
  await client.end();
}
