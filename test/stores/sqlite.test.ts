import { join } from 'node:path';
import { describe, test } from 'vitest';
import { type ConformanceSubject, describeRunRepository } from '../../src/conformance/index.ts';
import { guardRepository } from '../../src/repository/guard/guarded-repository.ts';
import { openSqliteStore } from '../../src/stores/sqlite/open-sqlite-store.ts';
import { folderInMemory } from '../support/temporary-folder.ts';

async function open(path: string): Promise<ConformanceSubject> {
  const store = await openSqliteStore({ path });
  const repository = guardRepository(store);
  const close = () => repository.close();
  const reopen = async () => {
    await close();
    return open(path);
  };
  return { repository, store, reopen, close };
}

describeRunRepository(
  { describe, test },
  { name: 'sqlite', open: () => open(join(folderInMemory(), 'runs.db')) },
);
