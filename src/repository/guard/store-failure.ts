import { RunledgerError } from '../errors.ts';
import type { RunStoreAccess } from '../run-store.ts';

/** Calls a store and gives a failure that it did not name itself the code STORE_FAILED. */
export async function callStore<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof RunledgerError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new RunledgerError('STORE_FAILED', `The store failed: ${message}`, {
      cause,
      hint: 'This failure has no name of its own yet; its cause says more.',
    });
  }
}

/** The same access, with failures named. */
export function namingFailures(access: RunStoreAccess): RunStoreAccess {
  return {
    write: (operations, options) => callStore(() => access.write(operations, options)),
    read: (ids, options) => callStore(() => access.read(ids, options)),
    heads: (ids) => callStore(() => access.heads(ids)),
    summaries: (request) => callStore(() => access.summaries(request)),
    page: (request) => callStore(() => access.page(request)),
    statistics: (filter) => callStore(() => access.statistics(filter)),
  };
}
