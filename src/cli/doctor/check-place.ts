import type { StoreConfiguration } from '../../config/store-configuration.ts';
import { readStoreTarget } from '../../config/store-target.ts';
import { callOnStore } from '../how-to-call.ts';
import { nameOfStore } from '../name-of-store.ts';
import { UsageError } from '../usage-error.ts';
import type { Check } from './check.ts';
import { checkStore } from './check-store.ts';
import { checkDisk, checkFiles, checkFolder, checkWritable, sizeOf } from './check-surroundings.ts';
import { otherStores } from './other-stores.ts';

/** Everything that is to say of the store of a configuration and the place where it lies. */
export async function checkPlace(store: StoreConfiguration): Promise<Check[]> {
  const target = readStoreTarget(store);
  if (target.kind === 'memory') {
    throw new UsageError(
      'A store in memory begins empty with each call: there is nothing to check.',
    );
  }
  if (target.kind === 'postgres') return checkStore(store, nameOfStore(store));
  const { path } = target;
  if ((await sizeOf(path)) === null) return [await missing(path)];
  return [
    target.kind === 'file' ? await checkFolder(path) : await checkFiles(path),
    await checkWritable(target),
    await checkDisk(path),
    ...(await checkStore(store, path)),
  ];
}

async function missing(path: string): Promise<Check> {
  const others = await otherStores(path);
  const text = others.length > 0 ? `not there, but there is ${others.join(' and ')}` : 'not there';
  return {
    name: 'files',
    state: 'broken',
    text,
    hint: `"${callOnStore('start')}" makes it; --store names another.`,
  };
}
