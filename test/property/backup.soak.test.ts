import { describe } from 'vitest';
import { FORMATS } from '../backup/support/backups.ts';
import { testWhere } from '../support/test-where.ts';
import { assertBackups } from './support/backing-up.ts';
import { STORES } from './support/stores.ts';

// One to four moments of each history, so about 250 on each store.
describe('a backup holds what was there, and restores any moment of many random histories', () => {
  for (const { name, missing, open } of STORES) {
    testWhere(missing)(name, () =>
      assertBackups(open, { histories: 100, operations: 20, formats: FORMATS }),
    );
  }
});
