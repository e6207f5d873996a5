import type { Reading } from '../domain/time.ts';
import { unknownName } from './unknown-name.ts';

/** What a URL of PostgreSQL says, as the options of the same names; what it does not say is absent. */
export interface PostgresParts {
  host?: string;
  port?: number;
  username?: string;
  password?: string;
  database?: string;
  schema?: string;
  ssl?: boolean | { rejectUnauthorized: boolean };
}

/** What `?sslmode=` may be. Where a connection is encrypted, the server is verified. */
const SSL_MODES: Readonly<Record<string, NonNullable<PostgresParts['ssl']>>> = {
  disable: false,
  require: true,
  'verify-ca': true,
  'verify-full': true,
  'no-verify': { rejectUnauthorized: false },
};

const wrong = (problem: string): Reading<never> => ({ ok: false, problem });

/**
 * Reads `postgres://user:password@host:port/database?schema=…&sslmode=…`, every part of it optional.
 * A problem repeats nothing of the URL but the name of a parameter, which no password can be: where an
 * unencoded password would reach that far, the URL is refused before.
 */
export function readPostgresUrl(text: string): Reading<PostgresParts> {
  const [, authority, rest] = /^postgres(?:ql)?:\/\/([^/?#]*)(.*)$/is.exec(text) ?? [];
  if (authority === undefined || rest === undefined) {
    return wrong('must begin with postgres:// or postgresql://');
  }
  if (/\s/.test(text)) return wrong('must be a URL, and holds white space');
  if (/[@#]/.test(rest)) {
    return wrong(
      'has an @ or a # behind the host; in a password, write @ : / ? # % in percent encoding, such as %40 for @',
    );
  }
  try {
    return partsOf(new URL(text));
  } catch (error) {
    // Both say no more than that: a port that is no number, a percent sign that means no character.
    if (!(error instanceof TypeError || error instanceof URIError)) throw error;
    return wrong('is no valid URL: user, password and database stand in it in percent encoding');
  }
}

function partsOf(url: URL): Reading<PostgresParts> {
  const [database = '', ...more] = url.pathname.slice(1).split('/');
  if (more.length > 0) return wrong('must name one database behind the host');
  // A socket's folder stands in it in percent encoding, an IPv6 address in brackets.
  const host = decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1');
  const parts: PostgresParts = {
    ...(host !== '' && { host }),
    ...(url.port !== '' && { port: Number(url.port) }),
    ...(url.username !== '' && { username: decodeURIComponent(url.username) }),
    ...(url.password !== '' && { password: decodeURIComponent(url.password) }),
    ...(database !== '' && { database: decodeURIComponent(database) }),
  };
  for (const [name, value] of url.searchParams) {
    if (name === 'schema') parts.schema = value;
    else if (name === 'sslmode') {
      const ssl = Object.hasOwn(SSL_MODES, value) ? SSL_MODES[value] : undefined;
      if (ssl === undefined) {
        return wrong(`has an sslmode that is none of ${Object.keys(SSL_MODES).join(', ')}`);
      }
      parts.ssl = ssl;
    } else {
      const problem = unknownName(name, 'parameter of such a URL', ['schema', 'sslmode']);
      return wrong(`is wrong: ${problem}`);
    }
  }
  return { ok: true, value: parts };
}

/** The URL for people and logs: with `***` in place of its password. */
export function withoutPassword(text: string): string {
  const url = new URL(text);
  if (url.password !== '') url.password = '***';
  return url.href;
}
