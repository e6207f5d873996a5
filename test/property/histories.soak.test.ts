import { describe } from 'vitest';
import { testWhere } from '../support/test-where.ts';
import { assertLockstep } from './support/lockstep.ts';
import { COPIES, STORES } from './support/stores.ts';

describe('long random histories', () => {
  for (const { name, missing, open } of STORES) {
    testWhere(missing)(`${name} answers as the memory store does`, () =>
      assertLockstep(open, { histories: 1000, operations: 60 }),
    );
  }
  for (const { name, missing, open } of COPIES) {
    testWhere(missing)(`${name} answers as the memory store does`, () =>
      assertLockstep(open, { histories: 50, operations: 40 }),
    );
  }
});
