import type { QuarantineItem } from '../../repository/run-store.ts';

/** Of a larger file that is no run, the quarantine keeps the name and the reason alone. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;

/** What folders are called in quarantines and ledgers. */
export function originOf(folder: string): string {
  return `file:${folder}`;
}

/** What a folder is called in its own index, which moves with it. */
export const OWN_ORIGIN = 'file:.';

/** What the quarantine keeps of an entry of a folder that counts for no run. */
export function setAside(
  origin: string,
  name: string,
  { reason, bytes }: { reason: string; bytes: Uint8Array | null },
): QuarantineItem {
  if (bytes === null || bytes.length <= MAX_KEPT_BYTES) return { origin, name, reason, bytes };
  const size = `${Math.round(bytes.length / 1e6)} MB`;
  const told = `${reason} With ${size} it is too large for its bytes to be kept in the quarantine.`;
  return { origin, name, reason: told, bytes: null };
}
