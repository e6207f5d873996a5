import { expect, test } from 'vitest';
import { mountRefusal } from '../support/mount-namespace.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { DURABLE_KINDS } from './support/durable-kinds.ts';
import { factsFrom } from './support/facts.ts';
import { PATIENCE } from './support/patience.ts';
import type { ReadOnlyFacts, ReadOnlyFolder } from './support/read-only-scenario.ts';

const refusal = mountRefusal('tmpfs');

/** Writing is refused with a hint, by the library and by the command line, and changes nothing. */
function expectRefusal({ save, transaction, migrate, unchanged }: ReadOnlyFolder): void {
  for (const failure of [save, transaction]) {
    expect(failure).toMatchObject({ code: 'READ_ONLY', hint: expect.stringMatching(/the right/) });
  }
  expect(migrate).toMatchObject({ code: 1, stdout: '' });
  expect(migrate.stderr).toMatch(/^error: .*\nhint: .*the right.*\n$/);
  expect(unchanged).toBe(true);
}

test.for(DURABLE_KINDS)(
  'in a read-only folder a %s store is read, and writing is refused',
  PATIENCE,
  async (kind, { skip }) => {
    skip(refusal !== null, refusal ?? '');
    const facts = await factsFrom<ReadOnlyFacts>('read-only-scenario.ts', temporaryFolder(), kind);
    for (const folder of [facts.closed, facts.killed]) {
      expect(folder).toMatchObject({ read: null, problems: [] });
      expectRefusal(folder);
    }
    expect(facts.databaseAlone).toMatchObject({
      ...{ read: null, problems: [] },
      save: { code: 'READ_ONLY', hint: expect.stringMatching(/the right/) },
      transaction: { code: 'READ_ONLY', hint: expect.stringMatching(/the right/) },
    });
    // An empty folder is an empty store of files; a database that is not there is none.
    if (kind === 'file') expect(facts.none.read).toBeNull();
    else expect(facts.none.read).toMatchObject({ code: 'READ_ONLY' });
    expectRefusal(facts.none);
  },
);
