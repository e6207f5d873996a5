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
  }
}

/**
 * Starts the servers that tests share, each test in a schema of its own. `RUNLEDGER_TEST_POSTGRES_URL`
 * names one to use instead.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.RUNLEDGER_TEST_POSTGRES_URL;
  if (given) {
    project.provide('postgres', [{ name: 'postgres', url: given }]);
    return async () => {};
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
