import { describe } from 'vitest';
import { testWhere } from '../support/test-where.ts';
import { assertLockstep } from './support/lockstep.ts';
import { COPIES, STORES } from './support/stores.ts';

describe('random histories', () => {
  for (const { name, missing, open } of STORES) {
    testWhere(missing)(`${name} answers as the memory store does`, () =>
      assertLockstep(open, { histories: name.startsWith('postgres') ? 12 : 70, operations: 15 }),
    );
  }
  for (const { name, missing, isOnServer, open } of COPIES) {
    testWhere(missing)(`${name} answers as the memory store does`, () =>
      assertLockstep(open, { histories: isOnServer ? 2 : 10, operations: 12 }),
    );
  }
});
