import { test } from 'vitest';
import type { ServerAddress } from './postgres/global-setup.ts';

/** Tests that are skipped, with the reason, where something is missing; null where nothing is. */
export function testWhere(missing: string | null): typeof test {
  if (missing === null) return test;
  const skipping = test.extend('missing', { auto: true }, ({ skip }) => skip(missing));
  return skipping as unknown as typeof test;
}

/** Tests that need a server. */
export function testOn(server: ServerAddress): typeof test {
  return testWhere(missingOf(server));
}

/** Why there can be no tests on a server; null where there can. */
export function missingOf({ name, url }: ServerAddress): string | null {
  return url === null ? `there is no ${name} here` : null;
}
