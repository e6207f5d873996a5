import { openSqliteStore } from '../../../src/stores/sqlite/open-sqlite-store.ts';

/** Opens the store that is named and says which one it is. */
const [, , path = ''] = process.argv;
const store = await openSqliteStore({ path });
const { storeId, epoch } = await store.position();
process.stdout.write(`${storeId} ${epoch}\n`);
await store.close();
