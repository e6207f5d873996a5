/** Whether a commit is safe from a power cut at once, or with the next one that is. */
export type Durability = 'full' | 'bulk';

/**
 * How a connection is set for each. A commit that must be safe is quicker into a short log, whose
 * file need not grow; a bulk load takes a fifth less time when a long one is written back once
 * instead of after each batch.
 */
export const DURABILITY_PRAGMAS: Readonly<Record<Durability, string>> = {
  full: 'PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000',
  bulk: 'PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 8000',
};
