import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RunledgerError } from '../repository/errors.ts';

/** Where runs lie, as an object: the shape that configurations of databases have. */
export interface StoreConfiguration {
  type: 'sqlite' | 'file' | 'memory';
  /** The SQLite file, or the folder of run files. Relative to the working directory. */
  database?: string;
  /** Whether opening may apply schema migrations. Default true for SQLite. */
  synchronize?: boolean;
}

/** A store as it is meant, with its place resolved. */
export type StoreTarget =
  | { kind: 'memory' }
  | { kind: 'file'; path: string }
  | { kind: 'sqlite'; path: string; synchronize: boolean };

/** Where a store lies when only its kind is named. */
export const DEFAULT_PLACES = {
  file: './logs/claude-runs',
  sqlite: './data/claude-runs.db',
} as const;

const SETTINGS: readonly string[] = ['type', 'database', 'synchronize'];
const EXPECTED = 'Use sqlite, file, sqlite:<path to a file>, file:<path to a folder>, or memory:.';

/**
 * Reads the name, URL or configuration of a store: `sqlite`, `file`, `sqlite:./data/runs.db`,
 * `file:///var/runs`, `memory:`, or an object. Relative places are resolved against `base`, the
 * working directory by default. Throws INVALID naming what is wrong, without repeating a password.
 */
export function readStoreTarget(
  target: string | StoreConfiguration,
  base: string = process.cwd(),
): StoreTarget {
  return typeof target === 'string' ? fromText(target, base) : fromConfiguration(target, base);
}

/** The target as one line for people: its kind and its absolute place. */
export function describeTarget(target: StoreTarget): string {
  return target.kind === 'memory' ? 'memory:' : `${target.kind}:${target.path}`;
}

function fromText(text: string, base: string): StoreTarget {
  if (text === 'memory' || text === 'memory:') return { kind: 'memory' };
  if (/^postgres(ql)?($|:)/.test(text)) throw postgresIsToCome();
  const [, kind, place] = /^(sqlite|file)(?::(.*))?$/s.exec(text) ?? [];
  if (kind !== 'sqlite' && kind !== 'file') {
    const [scheme = ''] = text.split(':');
    throw invalid(`"${scheme}" is no kind of store.`);
  }
  if (place === '') throw invalid(`"${text}" names no place.`);
  return at(kind, place, base, true);
}

function fromConfiguration(configuration: StoreConfiguration, base: string): StoreTarget {
  for (const name of Object.keys(configuration)) {
    if (SETTINGS.includes(name)) continue;
    throw invalid(`"${name}" is no setting of a store; there are ${SETTINGS.join(', ')}.`);
  }
  const { type, database, synchronize = true } = configuration;
  if ((type as string) === 'postgres') throw postgresIsToCome();
  if (type === 'memory') return { kind: 'memory' };
  if (type !== 'sqlite' && type !== 'file') throw invalid(`"${type}" is no kind of store.`);
  return at(type, database, base, synchronize);
}

function at(
  kind: 'sqlite' | 'file',
  place: string | undefined,
  base: string,
  synchronize: boolean,
): StoreTarget {
  const path = resolvePlace(place ?? DEFAULT_PLACES[kind], base);
  return kind === 'file' ? { kind, path } : { kind, path, synchronize };
}

function resolvePlace(place: string, base: string): string {
  if (place.startsWith('///')) return fileURLToPath(`file:${place}`);
  if (place.startsWith('~/')) return join(homedir(), place.slice(2));
  return isAbsolute(place) ? resolve(place) : resolve(base, place);
}

function postgresIsToCome(): RunledgerError {
  return new RunledgerError('UNSUPPORTED', 'PostgreSQL is not supported yet.', { hint: EXPECTED });
}

function invalid(message: string): RunledgerError {
  return new RunledgerError('INVALID', message, { hint: EXPECTED });
}
