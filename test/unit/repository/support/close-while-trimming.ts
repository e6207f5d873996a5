import { makeRun, makeRuns } from '../../../../src/conformance/make-run.ts';
import { guardRepository } from '../../../../src/repository/guard/guarded-repository.ts';
import { openMemoryStore } from '../../../../src/stores/memory/memory-run-store.ts';

// Closes a repository while its ledger is trimmed, between two pieces, with nothing else that keeps this
// process alive.
const store = openMemoryStore({ now: () => 0 });
await guardRepository(store).saveMany(makeRuns(450));
const { promise: isBetweenPieces, resolve } = Promise.withResolvers<void>();
const repository = guardRepository(
  {
    ...store,
    async trimLedger(...given) {
      setImmediate(resolve);
      return await store.trimLedger(...given);
    },
  },
  { keepLedgerMs: 1 },
);
await repository.save(makeRun(1000));
await isBetweenPieces;
await repository.close();
process.stdout.write('closed\n');
