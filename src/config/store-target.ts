import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { invalidTarget, noSuchKind } from './invalid-target.ts';
import { placeOfUrl } from './place-of-url.ts';
import { checkConfiguration, type StoreConfiguration } from './store-configuration.ts';

/** A store as it is meant, with its place resolved. */
export type StoreTarget =
  | { kind: 'memory' }
  | { kind: 'file'; path: string }
  | {
      kind: 'sqlite';
      path: string;
      synchronize: boolean;
      /** Which statements are written to standard error. */
      logging: 'nothing' | 'failures' | 'everything';
    };

/** Where a store lies when only its kind is named. */
export const DEFAULT_PLACES = {
  file: './logs/claude-runs',
  sqlite: './data/claude-runs.db',
} as const;

/**
 * Reads the name, URL or configuration of a store: `sqlite`, `file`, `sqlite:./data/runs.db`,
 * `file:///var/runs`, `memory:`, or an object. Relative places are resolved against `base`, the
 * working directory by default. Throws INVALID naming what is wrong, without repeating a password, and
 * UNSUPPORTED for a kind of store that is still to come.
 */
export function readStoreTarget(
  target: string | StoreConfiguration,
  base: string = process.cwd(),
): StoreTarget {
  const configuration = typeof target === 'string' ? fromText(target) : checkConfiguration(target);
  const { type, database, synchronize = true, logging = false } = configuration;
  if (type === 'memory') return { kind: 'memory' };
  const path = resolvePlace(database ?? DEFAULT_PLACES[type], base);
  if (type === 'file') return { kind: 'file', path };
  return { kind: 'sqlite', path, synchronize, logging: shownOf(logging) };
}

/** The target as one line for people: its kind and its absolute place. */
export function describeTarget(target: StoreTarget): string {
  return target.kind === 'memory' ? 'memory:' : `${target.kind}:${target.path}`;
}

function fromText(text: string): StoreConfiguration {
  if (text === 'memory' || text === 'memory:') return { type: 'memory' };
  const [, type, place] = /^(sqlite|file)(?::(.*))?$/s.exec(text) ?? [];
  if (type !== 'sqlite' && type !== 'file') throw noSuchKind(text);
  return place === undefined ? { type } : { type, database: placeOfUrl(type, place) };
}

function resolvePlace(place: string, base: string): string {
  // An empty path would be the working directory itself.
  if (place === '') throw invalidTarget('database is empty: it must be a path.');
  if (place === ':memory:') {
    throw invalidTarget('":memory:" would be a file of that name.', {
      hint: 'Say memory: for a store that is gone when the program ends.',
    });
  }
  if (place.includes('\0')) throw invalidTarget('A path cannot hold a NUL character.');
  if (place.startsWith('~/')) return join(homedir(), place.slice(2));
  return isAbsolute(place) ? resolve(place) : resolve(base, place);
}

function shownOf(
  logging: NonNullable<StoreConfiguration['logging']>,
): 'nothing' | 'failures' | 'everything' {
  if (typeof logging === 'boolean') return logging ? 'everything' : 'nothing';
  return logging.length > 0 ? 'failures' : 'nothing';
}
