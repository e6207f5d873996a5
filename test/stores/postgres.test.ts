import { describe, test } from 'vitest';
import { type ConformanceSubject, describeRunRepository } from '../../src/conformance/index.ts';
import { guardRepository } from '../../src/repository/guard/guarded-repository.ts';
import { openPostgresStore } from '../../src/stores/postgres/open-postgres-store.ts';
import { freshSchema, targetOf, testServers } from '../support/postgres/fresh-schema.ts';

async function open(url: string): Promise<ConformanceSubject> {
  const { logging: _, ...target } = targetOf(url);
  const store = await openPostgresStore({ ...target, location: url, synchronize: true });
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
    { name: server.name, open: () => open(freshSchema(server)) },
  );
}
