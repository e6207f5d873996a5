import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { anyFilter } from './arbitrary-filter.ts';
import { compareWorlds, type Question } from './compare-worlds.ts';
import { anyHistory } from './operation.ts';
import { type OpenStore, World } from './world.ts';

const anyQuestion: fc.Arbitrary<Question> = fc.record({
  filter: anyFilter,
  order: fc.constantFrom('newest', 'oldest'),
  limit: fc.integer({ min: 1, max: 7 }),
  query: fc.constantFrom(
    'retry',
    'report',
    'b',
    'repository',
    'failed the',
    '数据库',
    'before',
    'null',
  ),
});

/** How many histories are tried, and how long each may be. */
export interface Extent {
  histories: number;
  operations: number;
}

/**
 * Fails unless a store answers every history of random operations as the memory store does, and holds
 * the same at its end. The error names the seed and the shortest history that fails.
 */
export async function assertLockstep(
  open: OpenStore,
  { histories, operations }: Extent,
): Promise<void> {
  const property = fc.asyncProperty(
    anyHistory(operations),
    fc.array(anyQuestion, { maxLength: 4 }),
    async (history, questions) => {
      const reference = await World.open(async (now) => openMemoryStore({ now }));
      const other = await World.open(open);
      try {
        for (const operation of history) {
          assert.equal(await other.apply(operation), await reference.apply(operation));
        }
        await compareWorlds(reference, other, questions);
      } finally {
        await other.repository.close();
      }
    },
  );
  await fc.assert(property, { numRuns: histories });
}
