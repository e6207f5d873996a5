import { describe, test } from 'vitest';
import { assertLockstep } from './support/lockstep.ts';
import { COPIES, STORES } from './support/stores.ts';

describe('random histories', () => {
  for (const { name, isMissing, open } of STORES) {
    test.skipIf(isMissing)(`${name} answers as the memory store does`, () =>
      assertLockstep(open, { histories: name.startsWith('postgres') ? 20 : 100, operations: 15 }),
    );
  }
  for (const { name, isMissing, isOnServer, open } of COPIES) {
    test.skipIf(isMissing)(`${name} answers as the memory store does`, () =>
      assertLockstep(open, { histories: isOnServer ? 3 : 15, operations: 12 }),
    );
  }
});
