import { callsThrough } from '../../repository/guard/calls-through.ts';
import { OpenState } from '../../repository/guard/open-state.ts';
import type { RunStoreAccess, StoreTransaction } from '../../repository/run-store.ts';
import { beginTransaction } from '../sqlite/sqlite-transaction.ts';
import type { Folder } from './folder.ts';
import { FolderChanges } from './folder-changes.ts';
import { unwritableFolder } from './folder-error.ts';

/** Starts a transaction over the files of a folder, which it has to itself until it is over. */
export async function beginInFolder(folder: Folder): Promise<StoreTransaction> {
  const { parts } = folder;
  const { leave, unplaced } = await folder.enter();
  try {
    const index = await beginTransaction(parts.index, parts.now);
    const changes = new FolderChanges(parts, index, unplaced);
    const state = new OpenState('transaction');
    const { summaries, page, statistics } = index;
    const access: RunStoreAccess = {
      ...{ summaries, page, statistics },
      write: (operations, options) => named(parts.path, () => changes.write(operations, options)),
      async read(ids, options) {
        await named(parts.path, () => changes.bringUpToDate(ids));
        return await index.read(ids, options);
      },
      async heads(ids) {
        await named(parts.path, () => changes.bringUpToDate(ids));
        return await index.heads(ids);
      },
    };
    return {
      ...callsThrough(state, access),
      async commit() {
        state.check();
        await state.settle();
        try {
          await named(parts.path, () => changes.commit());
        } finally {
          leave();
        }
      },
      async rollback() {
        await state.settle();
        try {
          await index.rollback();
        } finally {
          leave();
        }
      },
    };
  } catch (error) {
    leave();
    throw error;
  }
}

async function named<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unwritableFolder(folder, error);
  }
}
