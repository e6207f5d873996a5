import { type ErrorDetails, RunledgerError } from '../repository/errors.ts';
import { configurationError } from './configuration-error.ts';
import { STORE_TYPES } from './store-type.ts';
import { unknownName } from './unknown-name.ts';

const EXPECTED =
  'Use sqlite, file, sqlite:<path to a file>, file:<path to a folder>, postgres://…, or memory:.';

/** What to do where a store in memory was named. */
export const STORES_THAT_KEEP =
  'Name a store that keeps runs: sqlite, file, sqlite:<file> or file:<folder>.';

/** The failure for what names no store. */
export function invalidTarget(message: string, details: ErrorDetails = {}): RunledgerError {
  return new RunledgerError('INVALID', message, { hint: EXPECTED, ...details });
}

/** The failure for a kind of store that there is not. */
export function noSuchKind(name: string): RunledgerError {
  const problem = unknownName(name, 'kind of store', STORE_TYPES);
  return configurationError(undefined, problem, { hint: EXPECTED });
}
