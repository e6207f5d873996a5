import { describe, test } from 'vitest';
import { type ConformanceSubject, describeRunRepository } from '../../src/conformance/index.ts';
import { guardRepository } from '../../src/repository/guard/guarded-repository.ts';
import { freshSchema, openStore, testServers } from '../support/postgres/fresh-store.ts';

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

for (const server of testServers()) {
  describeRunRepository(
    { describe, test: server.url === null ? test.skip : test },
    { name: server.name, open: async () => open((await freshSchema(server)).url) },
  );
}
