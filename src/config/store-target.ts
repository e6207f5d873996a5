import { readDuration } from '../domain/duration.ts';
import { kindOf } from '../domain/field-readers.ts';
import { isPlainObject } from '../domain/json.ts';
import { configurationError } from './configuration-error.ts';
import { invalidTarget } from './invalid-target.ts';
import type { Layer } from './layer.ts';
import { layerOfStore } from './layer-of-store.ts';
import { OPTION_NAMES } from './option-table.ts';
import { readPostgresUrl } from './postgres-url.ts';
import { settleLayers } from './settle-layers.ts';
import type {
  FileConfiguration,
  LedgerConfiguration,
  Logging,
  PostgresConfiguration,
  SqliteConfiguration,
  StoreConfiguration,
} from './store-configuration.ts';
import { STORE_TYPES } from './store-type.ts';
import { unknownName } from './unknown-name.ts';

/** Which statements are written to standard error. */
export type ShownStatements = 'nothing' | 'failures' | 'everything';

/** A database on a server. It holds the password. */
export interface PostgresAddress {
  /** A name, an address, or the folder of a socket. */
  host: string;
  port: number;
  username?: string;
  password?: string;
  database: string;
  schema: string;
  ssl: false | { rejectUnauthorized: boolean };
}

/** A PostgreSQL store as it is meant. */
export interface PostgresTarget extends PostgresAddress {
  kind: 'postgres';
  synchronize: boolean;
  logging: ShownStatements;
  poolSize: number;
  /** Standbys. */
  replicas: PostgresAddress[];
  connectTimeoutMs: number;
  statementTimeoutMs: number;
  /** Undefined: as it is. */
  postgresEnglishIndex?: boolean;
}

/** A store as it is meant, with its place resolved. */
export type StoreTarget =
  | { kind: 'memory' }
  | { kind: 'file'; path: string }
  | {
      kind: 'sqlite';
      path: string;
      synchronize: boolean;
      /** Which statements are written to standard error. */
      logging: ShownStatements;
    }
  | PostgresTarget;

/**
 * Reads the name, URL or configuration of a store: `sqlite`, `file`, `sqlite:./data/runs.db`,
 * `file:///var/runs`, `postgres://…`, `memory:`, or an object. Relative places are resolved against
 * `base`, the working directory by default. Neither files nor environment variables are consulted.
 * Throws INVALID naming what is wrong, without repeating a password.
 */
export function readStoreTarget(
  target: string | StoreConfiguration,
  base: string = process.cwd(),
): StoreTarget {
  return targetOf(settled(target, base));
}

/**
 * For how many milliseconds the ledger of a store is kept; undefined for ever. Throws as `readStoreTarget`
 * does.
 */
export function readLedgerKeep(target: string | StoreConfiguration): number | undefined {
  const { keep } = settled(target, process.cwd()) as Complete<LedgerConfiguration>;
  return readDuration(keep);
}

function settled(target: string | StoreConfiguration, base: string): StoreConfiguration {
  return settleLayers([layerOfTarget(target, base)], base).database;
}

function layerOfTarget(target: unknown, base: string): Layer {
  if (typeof target === 'string') return layerOfStore(target, 'the program', base);
  if (!isPlainObject(target)) {
    throw invalidTarget(`A store is named by a text or a plain object, not ${kindOf(target)}.`);
  }
  const unknown = Object.keys(target).find((name) => !OPTION_NAMES.includes(name));
  if (unknown !== undefined) {
    const problem = unknownName(unknown, 'option of a store', OPTION_NAMES);
    throw configurationError(undefined, problem, { issues: [{ path: unknown, problem }] });
  }
  const pathOf = (name: string) => name;
  if (target.type !== undefined) {
    return { values: target, base, sourceOf: () => 'the program', pathOf };
  }
  throw invalidTarget(`The type of a store must be one of ${STORE_TYPES.join(', ')}.`);
}

/** An option that is settled is there, its default if nothing else. */
type Complete<T> = { [K in keyof T]-?: Exclude<T[K], undefined> };

function targetOf(store: StoreConfiguration): StoreTarget {
  if (store.type === 'memory') return { kind: 'memory' };
  if (store.type === 'file') {
    const { database } = store as Complete<FileConfiguration>;
    return { kind: 'file', path: database };
  }
  if (store.type === 'sqlite') {
    const { database, synchronize, logging } = store as Complete<SqliteConfiguration>;
    return { kind: 'sqlite', path: database, synchronize, logging: shownOf(logging) };
  }
  return postgresTarget(store as Complete<PostgresConfiguration>);
}

function postgresTarget(store: Complete<PostgresConfiguration>): PostgresTarget {
  const { type, logging, ssl, replicas, url: _, keep: _k, ...others } = store;
  const { synchronize, poolSize, connectTimeoutMs, statementTimeoutMs, ...rest } = others;
  const { postgresEnglishIndex, ...place } = rest;
  const primary = { ...place, ssl: verified(ssl) };
  return {
    kind: type,
    ...primary,
    synchronize,
    logging: shownOf(logging),
    poolSize,
    replicas: replicas.map((replica) => replicaOf(primary, replica)),
    connectTimeoutMs,
    statementTimeoutMs,
    // It has no default.
    ...(postgresEnglishIndex !== undefined && { postgresEnglishIndex }),
  };
}

/** What the url of a standby leaves out is as with the primary. */
function replicaOf(primary: PostgresAddress, url: string): PostgresAddress {
  const parts = readPostgresUrl(url);
  if (!parts.ok) throw invalidTarget(`The url of a replica ${parts.problem}.`);
  const { ssl, ...place } = parts.value;
  return { ...primary, ...place, ssl: ssl === undefined ? primary.ssl : verified(ssl) };
}

function verified(ssl: boolean | { rejectUnauthorized?: boolean | undefined }) {
  if (ssl === false) return ssl;
  return { rejectUnauthorized: ssl === true || ssl.rejectUnauthorized !== false };
}

function shownOf(logging: Logging): ShownStatements {
  if (typeof logging === 'boolean') return logging ? 'everything' : 'nothing';
  return logging.length > 0 ? 'failures' : 'nothing';
}

/** The target as one line for people: its kind and its absolute place, without a password. */
export function describeTarget(target: StoreTarget): string {
  if (target.kind === 'memory') return 'memory:';
  if (target.kind !== 'postgres') return `${target.kind}:${target.path}`;
  return describePostgres(target);
}

/** The address of a database on a server, without a password. */
export function describePostgres({
  host,
  port,
  username,
  database,
  schema,
}: PostgresAddress): string {
  const user = username === undefined ? '' : `${encodeURIComponent(username)}@`;
  const server = host.includes(':') ? `[${host}]` : encodeURIComponent(host);
  const place = `${user}${server}:${port}/${encodeURIComponent(database)}`;
  return `postgres://${place}?schema=${encodeURIComponent(schema)}`;
}
