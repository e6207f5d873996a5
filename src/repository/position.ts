import { RunledgerError } from './errors.ts';

/**
 * A place in a store's ledger, with the identity of the ledger it is a place in. `cursor` is opaque
 * to everyone but the store.
 */
export interface LedgerPosition {
  storeId: string;
  /** Starts anew when the store was copied, restored or rebuilt: old places then mean nothing. */
  epoch: string;
  cursor: string;
}

/** A position as one word that can be kept and given back. */
export function encodePosition({ storeId, epoch, cursor }: LedgerPosition): string {
  return `${storeId}.${epoch}.${cursor}`;
}

/** Reads a position that `encodePosition` made. Throws POSITION_UNKNOWN for anything else. */
export function decodePosition(position: string): LedgerPosition {
  const [storeId, epoch, ...rest] = position.split('.');
  const cursor = rest.join('.');
  if (!storeId || !epoch || !cursor) {
    throw new RunledgerError('POSITION_UNKNOWN', `"${position}" is no position in a ledger.`, {
      hint: 'A position is what changes() gives, and `show --history --json`.',
    });
  }
  return { storeId, epoch, cursor };
}

/** The failure for a position that a store cannot go on from. */
export function unknownPosition(): RunledgerError {
  return new RunledgerError('POSITION_UNKNOWN', 'The position is not one of this ledger.', {
    hint: 'It is from another store, from before a copy or restore, or older than what is kept: start over from a full copy.',
  });
}
