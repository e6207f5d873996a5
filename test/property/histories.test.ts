import { describe, test } from 'vitest';
import { assertLockstep } from './support/lockstep.ts';
import { COPIES, STORES } from './support/stores.ts';

describe('random histories', () => {
  for (const [kind, open] of Object.entries(STORES)) {
    test(`${kind} answers as the memory store does`, () =>
      assertLockstep(open, { histories: 100, operations: 15 }));
  }
  for (const [kind, open] of Object.entries(COPIES)) {
    test(`${kind} answers as the memory store does`, () =>
      assertLockstep(open, { histories: 15, operations: 12 }));
  }
});
