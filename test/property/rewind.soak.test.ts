import { describe } from 'vitest';
import { testWhere } from '../support/test-where.ts';
import { assertRewinds } from './support/rewinding.ts';
import { STORES } from './support/stores.ts';

// One to four moments of each history, so about 250 on each store.
describe('a store goes back to any moment of many random histories', () => {
  for (const { name, missing, open } of STORES) {
    testWhere(missing)(name, () => assertRewinds(open, { histories: 100, operations: 20 }));
  }
});
