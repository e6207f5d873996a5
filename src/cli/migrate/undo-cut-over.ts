import type { StoreConfiguration } from '../../config/store-configuration.ts';
import { openRunStore } from '../../open-repository.ts';
import { openWithProgress } from '../open-with-progress.ts';
import { using } from '../store-access.ts';

/** Lets a store that was moved be changed again. Gives where it was moved to; null where it was not. */
export async function undoCutOver(source: StoreConfiguration): Promise<string | null> {
  const opened = await openWithProgress((progress) =>
    openRunStore(source, { create: false, synchronize: false, ...progress }),
  );
  return using(opened, async (store) => {
    const movedTo = await store.movedTo();
    await store.liftFence();
    return movedTo;
  });
}
