import { expect, test } from 'vitest';
import { mountRefusal } from '../support/mount-namespace.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { factsFrom } from './support/facts.ts';
import { PATIENCE } from './support/patience.ts';
import type { ReadOnlyFacts, ReadOnlyFolder } from './support/read-only-scenario.ts';

const refusal = mountRefusal('tmpfs');

/** Writing is refused with a hint, by the library and by the command line, and changes nothing. */
function expectRefusal({ save, migrate, unchanged }: ReadOnlyFolder): void {
  expect(save).toMatchObject({ code: 'READ_ONLY', hint: expect.stringMatching(/the right/) });
  expect(migrate).toMatchObject({ code: 1, stdout: '' });
  expect(migrate.stderr).toMatch(/^error: .*\nhint: .*the right.*\n$/);
  expect(unchanged).toBe(true);
}

test(
  'in a read-only folder a store is read, and writing is refused',
  PATIENCE,
  async ({ skip }) => {
    skip(refusal !== null, refusal ?? '');
    const facts = await factsFrom<ReadOnlyFacts>('read-only-scenario.ts', temporaryFolder());
    for (const folder of [facts.closed, facts.killed]) {
      expect(folder).toMatchObject({ read: null, problems: [] });
      expectRefusal(folder);
    }
    expect(facts.none.read).toMatchObject({ code: 'READ_ONLY' });
    expectRefusal(facts.none);
  },
);
