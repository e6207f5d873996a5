/** Every kind of store that a configuration can name. */
export const STORE_TYPES = ['sqlite', 'file', 'memory', 'postgres'] as const;

/** The kind of a store. */
export type StoreType = (typeof STORE_TYPES)[number];

/** True for a word that names a kind of store. */
export function isStoreType(word: unknown): word is StoreType {
  return STORE_TYPES.some((type) => type === word);
}
