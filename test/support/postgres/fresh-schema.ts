import { inject } from 'vitest';
import { type PostgresTarget, readStoreTarget } from '../../../src/config/store-target.ts';
import type { ServerAddress } from './global-setup.ts';

let made = 0;

/** The servers that there are here. */
export function testServers(): ServerAddress[] {
  return inject('postgres');
}

/** The address of a schema that no test has used. */
export function freshSchema({ url }: ServerAddress): string {
  if (url === null) throw new TypeError('There is no such server here.');
  made += 1;
  const schema = `test_${process.pid}_${Date.now().toString(36)}_${made}`;
  return `${url}?schema=${schema}`;
}

/** What an address says, as the store is opened with it. */
export function targetOf(url: string): PostgresTarget {
  const target = readStoreTarget(url);
  if (target.kind !== 'postgres') throw new TypeError(`${url} is no address of PostgreSQL.`);
  return target;
}
