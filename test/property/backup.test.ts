import { describe } from 'vitest';
import { testWhere } from '../support/test-where.ts';
import { assertBackups } from './support/backing-up.ts';
import { STORES } from './support/stores.ts';

describe('a backup holds what was there, and restores any moment of random histories', () => {
  for (const { name, missing, open } of STORES) {
    testWhere(missing)(name, () =>
      assertBackups(open, {
        histories: name.startsWith('postgres') ? 3 : 8,
        operations: 10,
        formats: ['ndjson', 'json'],
      }),
    );
  }
});
