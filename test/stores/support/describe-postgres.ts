import { describe } from 'vitest';
import { type ConformanceSubject, describeRunRepository } from '../../../src/conformance/index.ts';
import { guardRepository } from '../../../src/repository/guard/guarded-repository.ts';
import { freshSchema, openStore } from '../../support/postgres/fresh-store.ts';
import type { ServerAddress } from '../../support/postgres/global-setup.ts';
import { testOn } from '../../support/test-where.ts';

async function open(url: string): Promise<ConformanceSubject> {
  const store = await openStore(url);
  const repository = guardRepository(store);
  const close = () => repository.close();
  const reopen = async () => {
    await close();
    return open(url);
  };
  return { repository, store, reopen, close };
}

/** Registers the suite over stores on a server; all of it, unless it says which themes. */
export function describePostgres(server: ServerAddress, themes?: readonly string[]): void {
  describeRunRepository(
    { describe, test: testOn(server) },
    {
      name: server.name,
      open: async () => open((await freshSchema(server)).url),
      ...(themes && { themes }),
    },
  );
}
