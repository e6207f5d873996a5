import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { boolean, type FieldReader, kindOf, shortText, text } from '../domain/field-readers.ts';
import { isPlainObject } from '../domain/json.ts';
import type { Reading } from '../domain/time.ts';
import { readPostgresUrl } from './postgres-url.ts';
import { isStoreType, STORE_TYPES } from './store-type.ts';
import { unknownName } from './unknown-name.ts';

/** Reads the value of an option. Relative paths in it begin at `base`. */
export type OptionReader = (value: unknown, base: string) => Reading<unknown>;

const wrong = (problem: string): Reading<never> => ({ ok: false, problem });

/** A kind of store. */
export const storeType: FieldReader = (value) => {
  if (isStoreType(value)) return { ok: true, value };
  if (typeof value !== 'string') {
    return wrong(`must be one of ${STORE_TYPES.join(', ')}, not ${kindOf(value)}`);
  }
  const [kind = ''] = value.split(':');
  if (value !== kind && isStoreType(kind)) {
    return wrong(`must be ${kind} alone; where the store lies is said by other options`);
  }
  return wrong(`is wrong: ${unknownName(value, 'kind of store', STORE_TYPES)}`);
};

/** A path, made absolute. `~/` begins at the home of the user. */
export const path: OptionReader = (value, base) => {
  if (typeof value !== 'string') return text(value);
  // An empty path would be the working directory itself.
  if (value === '') return wrong('is empty: it must be a path');
  if (value === ':memory:') {
    return wrong('must be a path: ":memory:" would be a file of that name, and memory: has none');
  }
  // Not repeated: what was meant for another option can hold a password.
  if (/^[a-z][a-z\d+.-]+:/i.test(value)) {
    return wrong('must be a path alone, and begins like a url; a path may begin with ./');
  }
  if (value.includes('\0')) return wrong('must be a path, which cannot hold a NUL character');
  return {
    ok: true,
    value: value.startsWith('~/') ? join(homedir(), value.slice(2)) : resolve(base, value),
  };
};

/** A store as a text names it, and where relative paths in it begin. */
export interface NamedStore {
  store: string;
  base: string;
}

/** Whether a text that names a store is the url of a server. */
export function isPostgresUrl(store: string): boolean {
  return /^postgres(ql)?:/i.test(store);
}

/** A store, named as `--store` does. What is wrong with it shows when all of the configuration is there. */
export const storeName: OptionReader = (value, base) => {
  const isUrl = typeof value === 'string' && isPostgresUrl(value);
  const reading = isUrl ? postgresUrl(value) : text(value);
  return reading.ok ? { ok: true, value: { store: String(value), base } } : reading;
};

/** The URL of a PostgreSQL database; it stays as it is. */
export const postgresUrl: FieldReader = (value) => {
  if (typeof value !== 'string') return text(value);
  const parts = readPostgresUrl(value);
  return parts.ok ? { ok: true, value } : parts;
};

/** The URLs of standbys. */
export const replicas: FieldReader = (value) => {
  if (!Array.isArray(value)) return wrong(`must be a list of urls, not ${kindOf(value)}`);
  for (const [at, url] of value.entries()) {
    const reading = postgresUrl(url);
    if (!reading.ok) return wrong(`has a url, number ${at + 1}, that ${reading.problem}`);
  }
  return { ok: true, value: [...value] };
};

/** A name on a server, or of one: no address, which may hold a password. */
export function nameAlone(longest: number): FieldReader {
  const read = shortText(longest);
  return (value) =>
    typeof value === 'string' && /:\/|@/.test(value)
      ? wrong('must be a name alone; a whole address belongs into url')
      : read(value);
}

/** Which statements are written to standard error. */
export const logging: FieldReader = (value) =>
  typeof value === 'boolean' || (Array.isArray(value) && value.every((word) => word === 'error'))
    ? { ok: true, value }
    : wrong("must be true, false or ['error']");

/** Whether a connection is encrypted, and whether the server must then prove who it is. */
export const ssl: FieldReader = (value) => {
  if (typeof value === 'boolean') return { ok: true, value };
  if (!isPlainObject(value)) {
    return wrong(`must be true, false or { rejectUnauthorized: … }, not ${kindOf(value)}`);
  }
  for (const [name, member] of Object.entries(value)) {
    if (name !== 'rejectUnauthorized') {
      return wrong(`is wrong: ${unknownName(name, 'option of ssl', ['rejectUnauthorized'])}`);
    }
    const reading = boolean(member);
    if (!reading.ok) return wrong(`has a rejectUnauthorized that ${reading.problem}`);
  }
  return { ok: true, value: { ...value } };
};
