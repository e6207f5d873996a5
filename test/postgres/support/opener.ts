import { openRunStore } from '../../../src/open-repository.ts';

/** Opens the store that is named, makes its tables, and says which one it is. */
const [, , url = ''] = process.argv;
const store = await openRunStore(url, { synchronize: true });
const { storeId, epoch } = await store.position();
process.stdout.write(`${storeId} ${epoch}\n`);
await store.close();
