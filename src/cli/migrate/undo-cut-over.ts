import type { StoreConfiguration } from '../../config/store-configuration.ts';
import { openStore, using } from '../store-access.ts';

/** Lets a store that was moved be changed again. Gives where it was moved to; null where it was not. */
export async function undoCutOver(source: StoreConfiguration): Promise<string | null> {
  return using(await openStore(source, 'read'), async (store) => {
    const movedTo = await store.movedTo();
    await store.liftFence();
    return movedTo;
  });
}
