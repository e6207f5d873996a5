import { describe, test } from 'vitest';
import { assertLockstep } from './support/lockstep.ts';
import { COPIES, STORES } from './support/stores.ts';

describe('long random histories', () => {
  for (const [kind, open] of Object.entries(STORES)) {
    test(`${kind} answers as the memory store does`, () =>
      assertLockstep(open, { histories: 1000, operations: 60 }));
  }
  for (const [kind, open] of Object.entries(COPIES)) {
    test(`${kind} answers as the memory store does`, () =>
      assertLockstep(open, { histories: 50, operations: 40 }));
  }
});
