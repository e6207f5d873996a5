import { type ErrorDetails, RunledgerError } from '../repository/errors.ts';

const EXPECTED = 'Use sqlite, file, sqlite:<path to a file>, file:<path to a folder>, or memory:.';

/** The failure for what names no store. */
export function invalidTarget(message: string, details: ErrorDetails = {}): RunledgerError {
  return new RunledgerError('INVALID', message, { hint: EXPECTED, ...details });
}

/**
 * The failure for a kind of store that there is not, or not yet. Of the name no more is repeated than
 * goes before a colon: in an address a password may follow.
 */
export function noSuchKind(kind: unknown): RunledgerError {
  const [name = ''] = (typeof kind === 'string' && /^[\w./~-]+/.exec(kind)) || [];
  if (/^postgres(ql)?$/.test(name)) {
    return new RunledgerError('UNSUPPORTED', 'PostgreSQL is not supported yet.', {
      hint: EXPECTED,
    });
  }
  return invalidTarget(
    name === ''
      ? 'The type of a store must be sqlite, file or memory.'
      : `"${name}" is no kind of store.`,
  );
}
