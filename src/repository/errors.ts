import type { RunIssue } from '../domain/invalid-run.ts';

/** Every code that a `RunledgerError` can have, with what it means. `docs/errors.md` explains each. */
export const ERROR_CODES = {
  INVALID: 'The run, filter or option is not valid; the message names the field.',
  BAD_CURSOR: 'The cursor was not made by this version, or belongs to another order.',
  BAD_QUERY: 'The search query holds nothing to search for.',
  EMPTY_FILTER: 'deleteMany was given a filter that names nothing, which would mean everything.',
  TOO_MANY: 'More runs match than the method returns as one array.',
  NOT_FOUND: 'There is no run with that id.',
  CONFLICT: 'The run was changed by somebody else since it was read.',
  TRANSITION: 'The run cannot go from its status to the one asked for.',
  NOT_RECOVERABLE: 'The failure is not recoverable, so it cannot be retried.',
  ACTIVE: 'The run is QUEUED or RUNNING and cannot be deleted.',
  SOURCE_FAILED: 'The iterable that gives the runs failed; what came before is stored.',
  CLOSED: 'The repository is closed, or the transaction is over.',
  IN_TRANSACTION: 'The call cannot be made inside a transaction.',
  TIMEOUT: 'The transaction or statement took longer than its time limit and was rolled back.',
  POSITION_UNKNOWN: 'The position belongs to another store or epoch: start over from a full copy.',
  BUSY: 'Another process kept the store locked for longer than the waiting time.',
  UNREACHABLE: 'The server of the store cannot be reached, or the connection to it was lost.',
  DENIED: 'The server refuses the user, or what the user wants to do.',
  FULL: 'There is no space left where the store lies.',
  READ_ONLY: 'The store lies where nothing may be written.',
  MOVED: 'The store was moved to another place, which the message names.',
  MISSING: 'There is no store at that place.',
  CORRUPT: 'What lies at that place is damaged, or is no store.',
  SCHEMA_NEWER: 'The store was made by a newer program.',
  SCHEMA_OLDER: 'The store needs migrations that `synchronize` may not apply.',
  UNSUPPORTED: 'This kind of store cannot do what was asked.',
  STORE_FAILED: 'The store failed in a way that has no name of its own; see the cause.',
} as const;

/** The stable name of a failure. Programs branch on it; the message is for people and may change. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** What may be said about a failure beyond its code and message. */
export interface ErrorDetails {
  /** The failure underneath. */
  cause?: unknown;
  /** One sentence that says what to do. */
  hint?: string;
  /** For INVALID: each field that is wrong. */
  issues?: readonly RunIssue[];
}

/** Every failure of Runledger. Wrong use of the API (a wrong type) is a `TypeError` instead. */
export class RunledgerError extends Error {
  override readonly name = 'RunledgerError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly issues: readonly RunIssue[];

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.hint = details.hint;
    this.issues = details.issues ?? [];
  }
}

/** True for a `RunledgerError`, of that code where one is given. */
export function isRunledgerError(error: unknown, code?: ErrorCode): error is RunledgerError {
  return error instanceof RunledgerError && (code === undefined || error.code === code);
}
