import { describe, test } from 'vitest';
import { assertLockstep } from './support/lockstep.ts';
import { STORES } from './support/stores.ts';

describe('long random histories', () => {
  for (const [kind, prepare] of Object.entries(STORES)) {
    test(`${kind} answers as the memory store does`, () =>
      assertLockstep(prepare(), { histories: 1000, operations: 60 }));
  }
});
