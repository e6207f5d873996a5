import { RunledgerError } from '../errors.ts';
import type { RunRepository } from '../run-repository.ts';
import type { RunStore, StoreTransaction } from '../run-store.ts';
import { runInside } from './guard-context.ts';
import type { OpenState } from './open-state.ts';
import { callStore } from './store-failure.ts';
import { warn } from './warn.ts';

/**
 * Runs the callback in a transaction of the store. `open` makes the callback's repository and
 * returns it with its state, by which it is ended: after that its calls reject with CLOSED.
 */
export async function inTransaction<T>(
  store: RunStore,
  timeLimitMs: number,
  open: (access: StoreTransaction) => { repository: RunRepository; state: OpenState },
  callback: (repository: RunRepository) => Promise<T>,
): Promise<T> {
  const transaction = await callStore(() => store.begin());
  const { repository, state } = open(transaction);
  const { promise: late, reject } = Promise.withResolvers<never>();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    reject(tooLong(timeLimitMs));
  }, timeLimitMs);
  try {
    const result = await runInside(store, () =>
      Promise.race([(async () => callback(repository))(), late]),
    );
    // Calls that the callback did not wait for are part of it, or they would hang in the air.
    await Promise.race([state.settle(), late]);
    await callStore(() => transaction.commit());
    return result;
  } catch (error) {
    // A call that waits for what others have locked would keep the limit from being one.
    if (isLate) transaction.abandon?.();
    await state.close();
    await rollBack(transaction);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Its failure must not hide why it was asked for; an unfinished transaction takes no effect anyway. */
async function rollBack(transaction: StoreTransaction): Promise<void> {
  try {
    await transaction.rollback();
  } catch (error) {
    warn('A rollback failed', error);
  }
}

function tooLong(timeLimitMs: number): RunledgerError {
  return new RunledgerError(
    'TIMEOUT',
    `The transaction took longer than ${timeLimitMs} ms and was rolled back.`,
    { hint: 'Do slow work (a model call, a download) before it, or raise timeLimitMs.' },
  );
}
