import { invalidTarget, STORES_THAT_KEEP } from './config/invalid-target.ts';
import { loadConfiguration } from './config/load-configuration.ts';
import type { StoreConfiguration } from './config/store-configuration.ts';
import {
  describePostgres,
  type PostgresAddress,
  type PostgresTarget,
  readLedgerKeep,
  readStoreTarget,
  type StoreTarget,
} from './config/store-target.ts';
import { isRunledgerError, RunledgerError } from './repository/errors.ts';
import { guardRepository } from './repository/guard/guarded-repository.ts';
import type { RunRepository } from './repository/run-repository.ts';
import type { RunSource } from './repository/run-source.ts';
import type { RunStore } from './repository/run-store.ts';
import type { OptionalIndex, SchemaMigration } from './repository/schema-migration.ts';
import { folderAround } from './stores/file/folder-names.ts';

/** How a store is opened. */
export interface OpenOptions {
  /** Make the store if there is none (default true), or reject with MISSING. */
  create?: boolean;
  /** Overrules what the target says: false rejects with SCHEMA_OLDER instead of applying migrations. */
  synchronize?: boolean;
  /** True: give a database without any table those of a store, whatever `synchronize` says. */
  setUp?: boolean;
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
  /**
   * Is told how far opening is where that takes long: a folder of run files is read whole when it has no
   * index yet, and where many of its files were changed.
   */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Opens a store behind the contract. Takes a kind (`sqlite`, `file`), a URL
 * (`sqlite:./data/claude-runs.db`, `memory:`) or a configuration object; nothing else is consulted then.
 * Without one, the configuration of the working directory is loaded, its files and the environment, as
 * `loadConfiguration` does it and with its failures.
 */
export async function openRunRepository(
  target?: string | StoreConfiguration,
  options: OpenOptions = {},
): Promise<RunRepository> {
  // Null is no store that was left out, but one that is missing.
  const configured = target === undefined ? (await loadConfiguration()).database : target;
  const keepLedgerMs = readLedgerKeep(configured);
  const guard = { ...options, ...(keepLedgerMs !== undefined && { keepLedgerMs }) };
  return guardRepository(await openRunStore(configured, options), guard);
}

/**
 * Opens the port behind the contract: for copies and tools that must write versions and times as they
 * were. It checks nothing; use `openRunRepository` everywhere else.
 */
export async function openRunStore(
  target: string | StoreConfiguration,
  options: OpenOptions = {},
): Promise<RunStore> {
  const { setUp = false, ...others } = options;
  const resolved = resolveTarget(target);
  if (setUp && (await isWithoutTables(resolved))) await (await schemaOf(resolved)).apply();
  return openTarget(resolved, others);
}

/**
 * Opens a store as it is, or gives null where there is none yet: for whoever asks what would come of
 * making one. Nothing is made or migrated, but that a folder of run files gets its index.
 */
export async function openExistingStore(
  target: string | StoreConfiguration,
  { onProgress }: Pick<OpenOptions, 'onProgress'> = {},
): Promise<RunStore | null> {
  const resolved = resolveTarget(target);
  const options = { create: false, synchronize: false, ...(onProgress && { onProgress }) };
  try {
    return (await isWithoutTables(resolved)) ? null : await openTarget(resolved, options);
  } catch (error) {
    // Of a server, what is missing is a database that nobody makes by the way.
    if (resolved.kind !== 'postgres' && isRunledgerError(error, 'MISSING')) return null;
    throw error;
  }
}

async function isWithoutTables(target: StoreTarget): Promise<boolean> {
  if (target.kind !== 'sqlite' && target.kind !== 'postgres') return false;
  const migrations = await (await schemaOf(target)).read();
  return migrations.every(({ appliedAt }) => appliedAt === null);
}

/**
 * Resolves a target, warns of a server that is not verified, and refuses what lies in the folder of an
 * index: what is written to that reaches no file, and it may be deleted at any time.
 */
function resolveTarget(target: string | StoreConfiguration): StoreTarget {
  const resolved = readStoreTarget(target);
  if (resolved.kind === 'postgres') warnOfServer(resolved);
  if (resolved.kind !== 'sqlite' && resolved.kind !== 'file') return resolved;
  const folder = folderAround(resolved.path);
  if (folder === null) return resolved;
  const problem = `${resolved.path} belongs to the index of a folder, and is no store.`;
  throw new RunledgerError('INVALID', problem, { hint: `Name the folder: file:${folder}` });
}

async function openTarget(
  target: StoreTarget,
  options: Omit<OpenOptions, 'setUp'>,
): Promise<RunStore> {
  // Stores are loaded when they are asked for: a reader of files needs no database driver.
  if (target.kind === 'memory') {
    const { openMemoryStore } = await import('./stores/memory/memory-run-store.ts');
    return openMemoryStore(options);
  }
  if (target.kind === 'sqlite') {
    const { openSqliteStore } = await import('./stores/sqlite/open-sqlite-store.ts');
    const { statementLog } = await import('./stores/sql/statement-log.ts');
    const { path, synchronize, logging } = target;
    const log = logging === 'nothing' ? {} : { logging: statementLog('sqlite', logging) };
    return openSqliteStore({ path, synchronize, ...log, ...options });
  }
  if (target.kind === 'postgres') {
    const { openPostgresStore } = await import('./stores/postgres/open-postgres-store.ts');
    return openPostgresStore({ ...(await postgresOptions(target)), ...options });
  }
  const { openFileStore } = await import('./stores/file/open-file-store.ts');
  const { create, now, onProgress } = options;
  return openFileStore({ path: target.path, create, now, onProgress });
}

/**
 * Opens what runs are copied from: a store, or a folder of run files that no store was ever opened on.
 * `close` lets go of it. A source is not changed, so a database that needs migrations is answered with
 * SCHEMA_OLDER. Rejects with INVALID for memory, which would always be empty.
 */
export async function openRunSource(
  target: string | StoreConfiguration,
  { onProgress }: Pick<OpenOptions, 'onProgress'> = {},
): Promise<RunSource & { close(): Promise<void> }> {
  const resolved = resolveTarget(target);
  if (resolved.kind === 'file') {
    const { isStore, openRunFolder } = await import('./stores/file/run-folder.ts');
    // Without an index there is no past to ask for, and none is made in a folder that is only copied.
    if (!isStore(resolved.path)) {
      const folder = await openRunFolder(resolved.path);
      return Object.assign(folder, { close: async () => {} });
    }
  }
  if (resolved.kind === 'memory') {
    throw invalidTarget('A new store in memory is empty: there is nothing to copy from it.', {
      hint: STORES_THAT_KEEP,
    });
  }
  const { storeSource } = await import('./repository/store-source.ts');
  const store = await openTarget(resolved, {
    create: false,
    synchronize: false,
    ...(onProgress && { onProgress }),
  });
  return Object.assign(await storeSource(store), { close: () => store.close() });
}

/** The schema migrations of a store and which of them were applied; changes nothing. */
export async function readSchema(target: string | StoreConfiguration): Promise<SchemaMigration[]> {
  return (await schemaOf(resolveTarget(target))).read();
}

/** The indexes that the configuration has a say in, and whether they are there; changes nothing. */
export async function readIndexes(target: string | StoreConfiguration): Promise<OptionalIndex[]> {
  return (await schemaOf(resolveTarget(target))).indexes();
}

/**
 * Applies the migrations that are pending and tells which they were; builds or drops the indexes that
 * the configuration wants otherwise than they are. `onProgress` is told how many pages of a table have
 * been looked at.
 */
export async function applySchema(
  target: string | StoreConfiguration,
  { onProgress }: Pick<OpenOptions, 'onProgress'> = {},
): Promise<SchemaMigration[]> {
  return (await schemaOf(resolveTarget(target))).apply(onProgress);
}

/** What can be done with the schema of a store. */
interface Schema {
  read(): Promise<SchemaMigration[]>;
  indexes(): Promise<OptionalIndex[]>;
  apply(onProgress?: OpenOptions['onProgress']): Promise<SchemaMigration[]>;
}

async function schemaOf(resolved: StoreTarget): Promise<Schema> {
  if (resolved.kind === 'sqlite') {
    const { applySqliteSchema, readSqliteSchema } = await import('./stores/sqlite/schema.ts');
    const { path } = resolved;
    return {
      read: () => readSqliteSchema(path),
      indexes: async () => [],
      apply: () => applySqliteSchema(path),
    };
  }
  if (resolved.kind === 'postgres') {
    const schema = await import('./stores/postgres/schema/schema.ts');
    const options = await postgresOptions(resolved);
    return {
      read: () => schema.readPostgresSchema(options),
      indexes: () => schema.readPostgresIndexes(options),
      apply: (onProgress) => schema.applyPostgresSchema(options, onProgress),
    };
  }
  throw new RunledgerError('UNSUPPORTED', `A ${resolved.kind} store has no schema.`, {
    hint: 'Schemas belong to databases, such as sqlite:./data/claude-runs.db.',
  });
}

/** What a PostgreSQL store is opened with. */
async function postgresOptions({ kind: _, logging, replicas, ...target }: PostgresTarget) {
  const { statementLog } = await import('./stores/sql/statement-log.ts');
  const named = (address: PostgresAddress) => ({
    ...address,
    location: describePostgres(address),
  });
  return {
    ...target,
    location: describePostgres(target),
    replicas: replicas.map(named),
    ...(logging !== 'nothing' && { logging: statementLog('postgres', logging) }),
  };
}

/** Who does not verify a server cannot know whom the runs are given to. */
function warnOfServer(target: PostgresAddress): void {
  if (target.ssl === false || target.ssl.rejectUnauthorized) return;
  const place = describePostgres(target);
  const message = `${place} is not verified: rejectUnauthorized is false, so anybody may answer for it.`;
  process.emitWarning(message, 'RunledgerWarning');
}
