import { isRunledgerError, RunledgerError } from '../../repository/errors.ts';
import { type Call, mapCalls } from '../../repository/guard/calls-through.ts';
import type { StoreTransaction } from '../../repository/run-store.ts';

/**
 * The same transaction; where it finds the index damaged this is told when it is over: until then it has
 * the folder.
 */
export function tellingDamageAtEnd(
  transaction: StoreTransaction,
  onDamage: () => Promise<void>,
): StoreTransaction {
  let isDamaged = false;
  const note = async () => {
    isDamaged = true;
  };
  const { rollback } = transaction;
  return {
    ...mapCalls(transaction, (call) => tellingDamage(call, note)),
    async rollback() {
      await rollback();
      if (isDamaged) await onDamage();
    },
  };
}

/** The same call; when it finds the index damaged it says so, and what to do. */
export function tellingDamage(call: Call, onDamage: () => Promise<void>): Call {
  return async (...given) => {
    try {
      return await call(...given);
    } catch (error) {
      if (!isRunledgerError(error, 'CORRUPT')) throw error;
      await onDamage();
      throw new RunledgerError('CORRUPT', `The index is damaged: ${error.message}`, {
        cause: error,
        hint: 'The files are whole. Open the store again: the index is then made anew from them.',
      });
    }
  };
}
