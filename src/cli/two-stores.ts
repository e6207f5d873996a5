import { STORES_THAT_KEEP } from '../config/invalid-target.ts';
import type { StoreConfiguration } from '../config/store-configuration.ts';
import { readStoreTarget } from '../config/store-target.ts';
import { isInside } from './is-inside.ts';
import { nameOfStore } from './name-of-store.ts';
import { realPathOf } from './real-path.ts';
import { UsageError } from './usage-error.ts';

/** Runs are not copied where they would be gone when the command ends. */
export function refuseMemory({ type }: StoreConfiguration): void {
  if (type !== 'memory') return;
  throw new UsageError(
    'A store in memory begins empty and ends with the command: runs are copied neither from it nor to it.',
    STORES_THAT_KEEP,
  );
}

/**
 * A store is not copied onto itself, and not among the runs that it is copied from. `both` is what the
 * two are called.
 */
export function refuseOneInOther(
  source: StoreConfiguration,
  target: StoreConfiguration,
  both: string,
): void {
  const [from, to] = [source, target].map(pathOf);
  const isSame = from === undefined ? nameOfStore(source) === nameOfStore(target) : from === to;
  if (isSame && source.type === target.type) {
    throw new UsageError(`Both ${both} are ${nameOfStore(target)}.`, 'Name two stores.');
  }
  if (
    source.type === 'file' &&
    from !== undefined &&
    to !== undefined &&
    to !== from &&
    isInside(to, from)
  ) {
    const message = `${nameOfStore(target)} lies in the folder that is copied from.`;
    throw new UsageError(message, 'Name a place beside it: in there it would count as a run.');
  }
}

/** Where a store lies, with the links in it followed as far as that is there; undefined for no path. */
function pathOf(store: StoreConfiguration): string | undefined {
  const target = readStoreTarget(store);
  return target.kind === 'file' || target.kind === 'sqlite' ? realPathOf(target.path) : undefined;
}
