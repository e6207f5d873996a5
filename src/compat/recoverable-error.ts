/** What a code or a message of a failure that may pass by itself holds. */
const PASSING = ['ETIMEDOUT', 'ECONNREFUSED', 'ECONNRESET', 'RATE_LIMIT', 'TIMEOUT'];

/**
 * Whether trying again can help: the error's code, or its message where it has no code, names a
 * failure that may pass by itself. False for what is no error; a code may be a number.
 */
export function isRecoverableError(error: unknown): boolean {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  const said = String(code || message || '');
  return PASSING.some((word) => said.includes(word));
}
