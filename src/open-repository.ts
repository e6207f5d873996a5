import { invalidTarget } from './config/invalid-target.ts';
import { loadConfiguration } from './config/load-configuration.ts';
import type { StoreConfiguration } from './config/store-configuration.ts';
import { readStoreTarget, type StoreTarget } from './config/store-target.ts';
import { RunledgerError } from './repository/errors.ts';
import { guardRepository } from './repository/guard/guarded-repository.ts';
import type { RunRepository } from './repository/run-repository.ts';
import type { RunSource } from './repository/run-source.ts';
import type { RunStore } from './repository/run-store.ts';
import type { SchemaMigration } from './repository/schema-migration.ts';
import { folderAround } from './stores/file/folder-names.ts';

/** How a store is opened. */
export interface OpenOptions {
  /** Make the store if there is none (default true), or reject with MISSING. */
  create?: boolean;
  /** Overrules what the target says: false rejects with SCHEMA_OLDER instead of applying migrations. */
  synchronize?: boolean;
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
  return guardRepository(await openRunStore(configured, options), options);
}

/**
 * Opens the port behind the contract: for copies and tools that must write versions and times as they
 * were. It checks nothing; use `openRunRepository` everywhere else.
 */
export async function openRunStore(
  target: string | StoreConfiguration,
  options: OpenOptions = {},
): Promise<RunStore> {
  return openTarget(resolveTarget(target), options);
}

/**
 * Resolves a target, and refuses what lies in the folder of an index: what is written to that reaches no
 * file, and it may be deleted at any time.
 */
function resolveTarget(target: string | StoreConfiguration): StoreTarget {
  const resolved = readStoreTarget(target);
  if (resolved.kind !== 'sqlite' && resolved.kind !== 'file') return resolved;
  const folder = folderAround(resolved.path);
  if (folder === null) return resolved;
  const problem = `${resolved.path} belongs to the index of a folder, and is no store.`;
  throw new RunledgerError('INVALID', problem, { hint: `Name the folder: file:${folder}` });
}

async function openTarget(target: StoreTarget, options: OpenOptions): Promise<RunStore> {
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
  if (target.kind === 'postgres') throw noPostgres();
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
    const { hasIndex, openRunFolder } = await import('./stores/file/run-folder.ts');
    // Without an index there is no past to ask for, and none is made in a folder that is only copied.
    if (!hasIndex(resolved.path)) {
      const folder = await openRunFolder(resolved.path);
      return Object.assign(folder, { close: async () => {} });
    }
  }
  if (resolved.kind === 'memory') {
    throw invalidTarget('A new store in memory is empty: there is nothing to copy from it.', {
      hint: 'Name a store that keeps runs: sqlite, file, sqlite:<file> or file:<folder>.',
    });
  }
  if (resolved.kind === 'postgres') throw noPostgres();
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
  const { readSqliteSchema } = await import('./stores/sqlite/schema.ts');
  return readSqliteSchema(sqlitePath(target));
}

/** Applies the migrations that are pending and tells which they were. */
export async function applySchema(target: string | StoreConfiguration): Promise<SchemaMigration[]> {
  const { applySqliteSchema } = await import('./stores/sqlite/schema.ts');
  return applySqliteSchema(sqlitePath(target));
}

function sqlitePath(target: string | StoreConfiguration): string {
  const resolved = resolveTarget(target);
  if (resolved.kind === 'sqlite') return resolved.path;
  if (resolved.kind === 'postgres') throw noPostgres();
  throw new RunledgerError('UNSUPPORTED', `A ${resolved.kind} store has no schema.`, {
    hint: 'Schemas belong to databases, such as sqlite:./data/claude-runs.db.',
  });
}

function noPostgres(): RunledgerError {
  return new RunledgerError('UNSUPPORTED', 'PostgreSQL is not supported yet.', {
    hint: 'Use a database in a file until then, such as sqlite:./data/claude-runs.db.',
  });
}
