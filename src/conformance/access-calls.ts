import type { RunStoreAccess } from '../repository/run-store.ts';
import { makeRun } from './make-run.ts';
import { put } from './operations.ts';

const PAGE = { filter: {}, order: 'oldest', after: null, limit: 1 } as const;

/** Every call of a store that a transaction has too, made in the simplest way; one write is among them. */
export function accessCalls(
  access: RunStoreAccess,
): Record<keyof RunStoreAccess, () => Promise<unknown>> {
  return {
    write: () => access.write([put(makeRun(9))], { atomic: true }),
    read: () => access.read([]),
    heads: () => access.heads([]),
    summaries: () => access.summaries(PAGE),
    page: () => access.page({ ...PAGE, maxBytes: 1 }),
    statistics: () => access.statistics({}),
  };
}
