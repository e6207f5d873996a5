import pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import { type PostgresTarget, readStoreTarget } from '../../../src/config/store-target.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import {
  openPostgresStore,
  type PostgresStoreOptions,
} from '../../../src/stores/postgres/open-postgres-store.ts';
import type { ServerAddress } from './global-setup.ts';

/** The servers that there are here. */
export function testServers(): ServerAddress[] {
  return inject('postgres');
}

/** The server of the newest version that there is here; its `url` is null where there is none. */
export function newestServer(): ServerAddress {
  const servers = testServers();
  return (
    servers.findLast(({ url }) => url !== null) ?? servers[0] ?? { name: 'postgres', url: null }
  );
}

/** Schemas whose tests are over, by the address of their server. */
const free = new Map<string, string[]>();
let made = 0;

/** The server of the oldest version that there is here. */
export function oldestServer(): ServerAddress {
  return testServers().find(({ url }) => url !== null) ?? newestServer();
}

/** A schema that somebody has for himself. */
export interface LeasedSchema {
  /** The address of a store in it. */
  url: string;
  /** Lets others have it, emptied; the end of the test does so too. */
  giveBack(): void;
}

/** A schema without runs: one that was never used, or one that was given back, emptied. */
export async function freshSchema(server: ServerAddress): Promise<LeasedSchema> {
  const url = urlOf(server);
  const waiting = free.get(url) ?? [];
  free.set(url, waiting);
  const used = waiting.pop();
  if (used !== undefined) await empty(url, used);
  const schema = used ?? newSchema();
  let isLent = true;
  const giveBack = () => {
    if (isLent) waiting.push(schema);
    isLent = false;
  };
  onTestFinished(giveBack);
  return { url: `${url}?schema=${schema}`, giveBack };
}

/** The address of a schema in which there is nothing at all. */
export function unusedSchema(server: ServerAddress): string {
  return `${urlOf(server)}?schema=${newSchema()}`;
}

function newSchema(): string {
  made += 1;
  return `${inject('postgresPrefix')}${process.pid}_${Date.now().toString(36)}_${made}`;
}

function urlOf({ name, url }: ServerAddress): string {
  if (url === null) throw new TypeError(`There is no ${name} here.`);
  return url;
}

const TABLES = [
  'run_tags',
  'agent_runs',
  'contents',
  'run_changes',
  'quarantine',
  'run_search',
  'transfers',
  'sources',
  'source_pieces',
  'store_fence',
];

/** The connections that schemas are emptied by, one for each server. */
const cleaners = new Map<string, Promise<pg.Client>>();

async function empty(url: string, schema: string): Promise<void> {
  const cleaner = cleaners.get(url) ?? connect(url);
  cleaners.set(url, cleaner);
  const client = await cleaner;
  await client.query(
    `BEGIN; ${TABLES.map((table) => `DELETE FROM ${schema}.${table}`).join('; ')};
      DROP TRIGGER IF EXISTS refuse_moved ON ${schema}.run_changes;
      UPDATE ${schema}.ledger_tail SET era = 0, xid = '0', seq = 0, at = NULL;
      UPDATE ${schema}.search_position SET era = 0, xid = '0', seq = 0;
      UPDATE ${schema}.store_identity SET store_id = gen_random_uuid(), flushes = 0; COMMIT`,
  );
}

async function connect(url: string): Promise<pg.Client> {
  const { host, port, username: user, password, database, ssl } = targetOf(url);
  const client = new pg.Client({
    ...{ host, port, database, ssl },
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
  });
  await client.connect();
  return client;
}

/** Makes a user of the database that may do nothing yet. Gives the address as that user. */
export async function makeRole(url: string, role: string): Promise<string> {
  await withClient(url, (client) => client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`));
  const address = new URL(url);
  address.username = role;
  address.password = 'secret';
  return address.href;
}

/** Does work with a connection past the store. */
export async function withClient<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await connect(url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** What an address says. */
export function targetOf(url: string): PostgresTarget {
  const target = readStoreTarget(url);
  if (target.kind !== 'postgres') throw new TypeError(`${url} is no address of PostgreSQL.`);
  return target;
}

/** Opens the store at an address, and makes its tables where there are none. */
export function openStore(
  url: string,
  options: Partial<PostgresStoreOptions> = {},
): Promise<RunStore> {
  return openPostgresStore({ ...placeOf(url), synchronize: true, ...options });
}

/** What a store at an address is opened with. */
export function placeOf(url: string): PostgresStoreOptions {
  const { kind: _, logging: _l, replicas: _r, ...target } = targetOf(url);
  return { ...target, location: url };
}
