import { describe, test } from 'vitest';
import { describeRunRepository } from '../../src/conformance/index.ts';
import { guardRepository } from '../../src/repository/guard/guarded-repository.ts';
import { openMemoryStore } from '../../src/stores/memory/memory-run-store.ts';

describeRunRepository(
  { describe, test },
  {
    name: 'memory',
    async open() {
      const store = openMemoryStore();
      const repository = guardRepository(store);
      return { repository, store, close: () => repository.close() };
    },
  },
);
