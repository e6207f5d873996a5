import { type ErrorDetails, RunledgerError } from '../repository/errors.ts';

/**
 * The failure for a configuration that is not valid: INVALID, one sentence that begins with where the
 * fault lies, where that is said.
 */
export function configurationError(
  origin: string | undefined,
  fault: string,
  details: ErrorDetails = {},
): RunledgerError {
  const end = /[.?]$/.test(fault) ? '' : '.';
  const message = `${origin === undefined ? '' : `${origin}: `}${fault}${end}`;
  return new RunledgerError('INVALID', message, details);
}
