import type { QuarantineItem } from './run-store.ts';

/** The order in which a store lists what it put aside: by origin, then by name, in code units. */
export function compareQuarantineItems(a: QuarantineItem, b: QuarantineItem): number {
  if (a.origin !== b.origin) return a.origin < b.origin ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}
