import { describe } from 'vitest';
import { testWhere } from '../support/test-where.ts';
import { assertRewinds } from './support/rewinding.ts';
import { STORES } from './support/stores.ts';

describe('a store goes back to any moment of random histories', () => {
  for (const { name, missing, open } of STORES) {
    testWhere(missing)(name, () =>
      assertRewinds(open, { histories: name.startsWith('postgres') ? 5 : 15, operations: 10 }),
    );
  }
});
