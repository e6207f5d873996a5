import { boolean, type FieldReader, kindOf, text } from '../domain/field-readers.ts';
import { isPlainObject } from '../domain/json.ts';
import { invalidTarget, noSuchKind } from './invalid-target.ts';

/** Where runs lie, as an object: the shape that configurations of databases have. */
export interface StoreConfiguration {
  type: 'sqlite' | 'file' | 'memory';
  /** The SQLite file, or the folder of run files. Relative to the working directory. */
  database?: string;
  /** Whether opening may apply schema migrations. Default true for SQLite. */
  synchronize?: boolean;
  /**
   * Writes SQL statements to standard error, a line each: true for all of them, with their time,
   * `['error']` for those that fail. Default false.
   */
  logging?: boolean | readonly 'error'[];
}

const KINDS: readonly unknown[] = ['sqlite', 'file', 'memory'];

const logging: FieldReader = (value) =>
  typeof value === 'boolean' || (Array.isArray(value) && value.every((word) => word === 'error'))
    ? { ok: true, value }
    : { ok: false, problem: "must be true, false or ['error']" };

/** The settings beside `type`, each with what it may be. */
const SETTINGS: Readonly<Record<string, FieldReader>> = {
  database: text,
  synchronize: boolean,
  logging,
};

/**
 * Checks a configuration, which may come from a file and hold anything. Throws INVALID naming the
 * setting that is wrong, and UNSUPPORTED for a store that is still to come.
 */
export function checkConfiguration(given: unknown): StoreConfiguration {
  if (!isPlainObject(given)) {
    throw invalidTarget(`A store is named by a text or a plain object, not ${kindOf(given)}.`);
  }
  // First of all: which other settings there may be is a matter of the kind.
  if (!KINDS.includes(given.type)) throw noSuchKind(given.type);
  for (const [name, value] of Object.entries(given)) {
    if (name === 'type' || value === undefined) continue;
    if (!Object.hasOwn(SETTINGS, name)) {
      const names = ['type', ...Object.keys(SETTINGS)].join(', ');
      throw invalidTarget(`"${name}" is no setting of a store; there are ${names}.`);
    }
    const reading = SETTINGS[name]?.(value);
    if (reading?.ok !== false) continue;
    const { problem } = reading;
    throw invalidTarget(`${name} ${problem}.`, { issues: [{ path: name, problem }] });
  }
  return given as unknown as StoreConfiguration;
}
