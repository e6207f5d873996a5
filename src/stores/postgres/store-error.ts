import { type ErrorCode, RunledgerError } from '../../repository/errors.ts';
import { moved } from '../../repository/transfer.ts';
import { decodeText } from '../sql/text-encoding.ts';

/** SQLSTATE codes (https://www.postgresql.org/docs/current/errcodes-appendix.html) and their meaning. */
const MEANINGS: Readonly<Record<string, ErrorCode>> = {
  // The server refuses who connects, or what this user does.
  '28000': 'DENIED',
  '28P01': 'DENIED',
  '42501': 'DENIED',
  // There is no such database, schema or table.
  '3D000': 'MISSING',
  '3F000': 'MISSING',
  '42P01': 'MISSING',
  '53100': 'FULL',
  '42939': 'INVALID',
  '25006': 'READ_ONLY',
  // Others were faster: serialization failure, deadlock.
  '40001': 'CONFLICT',
  '40P01': 'CONFLICT',
  // Too many connections, a lock that was not given, a statement that took too long.
  '53300': 'BUSY',
  '55P03': 'BUSY',
  '57014': 'TIMEOUT',
  // The server ends, ended, or is not ready yet.
  '57P01': 'UNREACHABLE',
  '57P02': 'UNREACHABLE',
  '57P03': 'UNREACHABLE',
  '57P05': 'UNREACHABLE',
  XX001: 'CORRUPT',
  XX002: 'CORRUPT',
};
/** What the fence of a store that was moved refuses changes with; the message says where to. */
const REFUSED_BY_FENCE = 'RL001';
/** Everything about connections, by the class of the code. */
const CONNECTION_CLASS = '08';

/** Failures of the network, by the code of Node, and of the driver, by its message. */
const NETWORK =
  /^(?:ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ENOENT|EACCES)$/;
const GONE =
  /^(?:Connection terminated|timeout expired|Client has encountered a connection error|Client was closed|The server does not support SSL)/;
/** What the pool says when every connection of it was in use for the waiting time. */
const NO_CONNECTION_FREE = 'timeout exceeded when trying to connect';
const CERTIFICATE = /^(?:ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** Nothing came back over a connection for longer than any answer may take. */
export class ServerIsSilent extends Error {
  /** As the system says it, a quarter of an hour later. */
  readonly code = 'ETIMEDOUT';

  constructor() {
    super('the server did not answer');
  }
}

/** What a failure means: the code that it has here. */
export function meaningOf(error: unknown): ErrorCode {
  if (error instanceof RunledgerError) return error.code;
  const { code, message = '' } = error as { code?: unknown; message?: string };
  const state = typeof code === 'string' ? code : '';
  if (message === NO_CONNECTION_FREE) return 'BUSY';
  if (message.startsWith('SASL')) return 'DENIED';
  if (GONE.test(message) || NETWORK.test(state) || CERTIFICATE.test(state)) return 'UNREACHABLE';
  if (state.startsWith(CONNECTION_CLASS) && state.length === 5) return 'UNREACHABLE';
  return MEANINGS[state] ?? 'STORE_FAILED';
}

/** Whether the connection is of no use any more, so that it is not known whether a commit took effect. */
export function isLost(error: unknown): boolean {
  return !(error instanceof RunledgerError) && meaningOf(error) === 'UNREACHABLE';
}

/** Whether others were faster, nothing took effect, and another try may go through. */
export function isOvertaken(error: unknown): boolean {
  return !(error instanceof RunledgerError) && meaningOf(error) === 'CONFLICT';
}

/** The failure of a change whose acknowledgement was lost, and cannot be asked for any more. */
export function outcomeUnknown(location: string, cause: unknown): RunledgerError {
  const message = `The connection to ${location} was lost while a change was written: whether it took effect is not known.`;
  return new RunledgerError('UNREACHABLE', message, {
    cause,
    hint: 'Read the run to see, then decide whether to do it again.',
  });
}

/** The failure of the driver or the server under the name that it has here. */
export function storeError(error: unknown, location: string): unknown {
  if (error instanceof RunledgerError || error instanceof TypeError) return error;
  const { code: state, message: movedTo } = error as { code?: unknown; message?: string };
  if (state === REFUSED_BY_FENCE) return moved(decodeText(movedTo ?? ''));
  const code = meaningOf(error);
  const [what, hint] = textsOf(error, code);
  const detail = error instanceof Error ? error.message : String(error);
  const message = `${what}: ${location} (${detail.replace(/\.$/, '')}).`;
  return new RunledgerError(code, message, { cause: error, hint });
}

function textsOf(error: unknown, code: ErrorCode): readonly [what: string, hint: string] {
  const { code: state = '', message = '' } = error as { code?: string; message?: string };
  return BY_STATE[state] ?? byMessage(String(state), message) ?? BY_CODE[code] ?? UNNAMED;
}

function byMessage(state: string, message: string): readonly [string, string] | undefined {
  if (CERTIFICATE.test(state)) {
    return [
      "The server's certificate is not one that is trusted here",
      'Name its authority in NODE_EXTRA_CA_CERTS; `ssl: { rejectUnauthorized: false }` connects without knowing who answers.',
    ];
  }
  if (message.startsWith('SASL')) {
    return [
      'The server asks for a password',
      'Give `password`, or set the variable that it comes from.',
    ];
  }
  if (/does not support SSL/.test(message)) {
    return [
      'The server does not encrypt connections',
      'Turn on `ssl` in the server, or leave out `ssl` where the way to it is safe.',
    ];
  }
  return undefined;
}

const UNNAMED = ['The database failed', 'Its cause says more.'] as const;

const BY_STATE: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  '28P01': [
    'The server refused the password',
    'Check `username` and `password`, or the variables that they come from.',
  ],
  '28000': [
    'The server refused the user',
    'Check `username`, and what pg_hba.conf on the server lets in from here.',
  ],
  '3D000': [
    'The server has no such database',
    'Check `database`; as a user who may, `CREATE DATABASE` makes one.',
  ],
  '42939': ['The server keeps names that begin with pg_ for itself', 'Name another `schema`.'],
  '53300': [
    'The server has no connection left',
    'Make `poolSize` smaller, or `max_connections` of the server larger; a pooler such as PgBouncer shares them.',
  ],
  ENOTFOUND: ['There is no server of that name', 'Check `host`.'],
  EAI_AGAIN: ['The name of the server cannot be looked up now', 'Check `host` and the network.'],
  ENOENT: [
    'There is no server at that socket',
    'Check `host`, which is the folder of the socket, and `port`; and whether the server runs.',
  ],
  ECONNREFUSED: [
    'No server listens there',
    'Check `host` and `port`, and whether the server runs.',
  ],
};

const BY_CODE: Readonly<Partial<Record<ErrorCode, readonly [what: string, hint: string]>>> = {
  DENIED: [
    'The user of the database may not do that',
    'Grant what docs/postgres.md lists for this user, or connect as another one.',
  ],
  MISSING: [
    'The store, or a table of it, is not there',
    'Check `database` and `schema`; `runledger schema --apply` makes the tables.',
  ],
  FULL: [
    'There is no space left where the server keeps its data',
    'Free some space there and try again: what was acknowledged before is safe.',
  ],
  READ_ONLY: [
    'The server only lets things be read: it is a standby, or set to be read-only',
    'Connect to the primary server to write.',
  ],
  CONFLICT: [
    'The database undid the transaction, because another one was in its way',
    'Nothing of it took effect: do it again.',
  ],
  BUSY: [
    'Somebody else had what this call needed for longer than the waiting time',
    'A long transaction holds it: pg_stat_activity says whose. Then try again.',
  ],
  TIMEOUT: [
    'A statement took longer than it may',
    'Ask for less at once, or raise `statementTimeoutMs`.',
  ],
  UNREACHABLE: [
    'The server cannot be reached, or the connection to it was lost',
    'Check `host`, `port` and the network, and whether the server runs.',
  ],
  CORRUPT: ['The server found its data damaged', 'Restore the last backup; nothing was changed.'],
};
