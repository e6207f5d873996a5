import { describe, test } from 'vitest';
import { assertLockstep } from './support/lockstep.ts';
import { COPIES, STORES } from './support/stores.ts';

describe('long random histories', () => {
  for (const { name, isMissing, open } of STORES) {
    test.skipIf(isMissing)(`${name} answers as the memory store does`, () =>
      assertLockstep(open, { histories: 1000, operations: 60 }),
    );
  }
  for (const { name, isMissing, open } of COPIES) {
    test.skipIf(isMissing)(`${name} answers as the memory store does`, () =>
      assertLockstep(open, { histories: 50, operations: 40 }),
    );
  }
});
