import { cpSync, existsSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type EndedChild, runChild } from '../../../support/child.ts';
import { findBinaries, MAJORS } from '../../../support/postgres/binaries.ts';
import {
  AS_SERVER_USER,
  type ServerSettings,
  serverFolder,
  startServer,
  startServerIn,
  type TestServer,
} from '../../../support/postgres/server.ts';
import { testWhere } from '../../../support/test-where.ts';

/** The recipes. */
export const RECIPES = join(import.meta.dirname, '../../../../examples/recovery');

/** What the recipes call beside the server itself. Packages that bring a server along lack it. */
const TOOLS = ['pg_basebackup', 'pg_verifybackup', 'pg_archivecleanup', 'psql', 'pg_isready'];

const hasTools = (folder: string) => TOOLS.every((tool) => existsSync(join(folder, tool)));
const binaries = MAJORS.map(findBinaries).findLast((folder) => folder && hasTools(folder)) ?? null;

/** Why the recipes for servers cannot be tried here; null where they can. */
export const whyNoRecipes =
  binaries === null ? `no PostgreSQL server with ${TOOLS.join(', ')} is installed here` : null;

/** A test of a recipe for servers. */
export const recipeTest = testWhere(whyNoRecipes);

/** A machine in small: the recipes are installed on it, and servers can be started. */
export interface RecoveryPlace {
  /** A path in its folder, which belongs to the user of the servers. */
  path(name: string): string;
  /** Runs a program as that user, with the recipes and the tools of the server in the PATH. */
  run(command: readonly string[], env?: Record<string, string>): Promise<EndedChild>;
  /** Makes a cluster and starts a server on it; it ends with the test. */
  startServer(settings: ServerSettings): Promise<TestServer>;
  /** Starts a server on what a recipe put into the folder `data` of a folder of that user. */
  startServerIn(folder: string, settings: ServerSettings): Promise<TestServer>;
}

/** Prepares such a place for the test under way. */
export function recoveryPlace(): RecoveryPlace {
  if (binaries === null) throw new TypeError(whyNoRecipes ?? '');
  const folder = ownFolder();
  const scripts = join(folder, 'scripts');
  // The checkout may lie where that user may not look.
  cpSync(RECIPES, scripts, { recursive: true });
  const PATH = [scripts, binaries, process.env.PATH].join(delimiter);
  return {
    path: (name) => join(folder, name),
    run: (command, env = {}) =>
      runChild(command, { ...AS_SERVER_USER, cwd: folder, env: { PATH, HOME: folder, ...env } }),
    startServer: async (settings) => untilTestEnds(await startServer(binaries, settings)),
    startServerIn: async (where, settings) =>
      untilTestEnds(await startServerIn(binaries, where, settings)),
  };
}

/** A folder of the user of the servers, which goes with the test. */
export function ownFolder(): string {
  const folder = serverFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What libpq finds a server by. */
export function addressIn({ host, port }: Pick<TestServer, 'host' | 'port'>) {
  return { PGHOST: host, PGPORT: String(port), PGUSER: 'postgres' };
}

function untilTestEnds(server: TestServer): TestServer {
  onTestFinished(() => server.stop());
  return server;
}
