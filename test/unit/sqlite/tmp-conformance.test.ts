import { mkdtempSync, rmSync } from 'node:fs';
import { describe, test } from 'vitest';
import { describeRunRepository } from '../../../src/conformance/index.ts';
import { guardRepository } from '../../../src/repository/guard/guarded-repository.ts';
import { openSqliteStore } from '../../../src/stores/sqlite/open-sqlite-store.ts';

async function subject(path: string, dir: string): Promise<any> {
  const store = await openSqliteStore({ path });
  const repository = guardRepository(store);
  return {
    repository,
    store,
    async reopen() {
      await repository.close();
      return subject(path, dir);
    },
    async close() {
      await repository.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
describeRunRepository(
  { describe, test: (n, b) => test(n, b) },
  {
    name: 'sqlite',
    async open() {
      const dir = mkdtempSync('/dev/shm/conf-');
      return subject(`${dir}/a.db`, dir);
    },
  },
);
