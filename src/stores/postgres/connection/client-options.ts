import type pg from 'pg';
import { VALUE_PARSERS } from './value-types.ts';

/** How a server is reached. */
export interface ConnectionOptions {
  /** A name, an address, or the folder of a socket. */
  host: string;
  port: number;
  username?: string | undefined;
  password?: string | undefined;
  database: string;
  ssl: false | { rejectUnauthorized: boolean };
  /** How long reaching the server may take. */
  connectTimeoutMs: number;
  /** How long one statement may take; 0 for as long as it needs. */
  statementTimeoutMs: number;
  /** How long a statement waits for what others have locked; 0 for as long as they do. */
  lockTimeoutMs: number;
}

/**
 * What every session is to be like, whatever the server, the database or the user say: so that values
 * are read as they were written, and short statements are not compiled first.
 */
const SETTINGS =
  '-c datestyle=ISO -c timezone=UTC -c extra_float_digits=1 -c bytea_output=hex -c jit=off' +
  ' -c tcp_keepalives_idle=60';

/** The options of the driver. A pooler may let no settings through. */
export function clientOptions(
  { username, password, statementTimeoutMs, lockTimeoutMs, ...others }: ConnectionOptions,
  withSettings: boolean,
): pg.ClientConfig {
  const { host, port, database, ssl } = others;
  return {
    host,
    port,
    database,
    ssl,
    ...(username !== undefined && { user: username }),
    ...(password !== undefined && { password }),
    application_name: 'runledger',
    keepAlive: true,
    types: VALUE_PARSERS,
    ...(withSettings && {
      options: `${SETTINGS} -c statement_timeout=${statementTimeoutMs} -c lock_timeout=${lockTimeoutMs}`,
    }),
  };
}

/** Whether a connection was refused for the settings that it asked for, as PgBouncer does it. */
export function refusesSettings(error: unknown): boolean {
  const { message = '' } = error as { message?: string };
  return /unsupported startup parameter/i.test(message);
}
