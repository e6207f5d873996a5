import { RunledgerError } from './errors.ts';
import type { RunStore } from './run-store.ts';

/** Whether two open stores are one, by whatever names they were opened: they then have the same ledger. */
export async function isSameStore(
  one: Pick<RunStore, 'position'>,
  other: Pick<RunStore, 'position'>,
): Promise<boolean> {
  const [first, second] = [await one.position(), await other.position()];
  return first.storeId === second.storeId && first.epoch === second.epoch;
}

/** The failure of work that needs two stores and was given one under two names. */
export function sameStore(one: string, other: string): RunledgerError {
  return new RunledgerError('INVALID', `${one} and ${other} are one store.`, {
    hint: 'Name two stores.',
  });
}
