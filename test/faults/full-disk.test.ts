import { expect, test } from 'vitest';
import { mountRefusal } from '../support/mount-namespace.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { BackupOnFullDiskFacts } from './support/backup-on-full-disk.ts';
import { DURABLE_KINDS } from './support/durable-kinds.ts';
import { factsFrom } from './support/facts.ts';
import type { FullDiskFacts } from './support/full-disk-scenario.ts';
import { PATIENCE } from './support/patience.ts';

const refusal = mountRefusal('tmpfs');

test.for(DURABLE_KINDS)(
  'a full disk under a %s store: a clear error, all that was acknowledged, and on when there is room',
  PATIENCE,
  async (kind, { skip }) => {
    skip(refusal !== null, refusal ?? '');
    const facts = await factsFrom<FullDiskFacts>('full-disk-scenario.ts', temporaryFolder(), kind);

    for (const failure of Object.values(facts.failures)) {
      expect(failure).toMatchObject({ code: 'FULL', hint: expect.stringMatching(/space/) });
    }
    expect(facts.acknowledged).toBeGreaterThan(0);
    expect(facts.whileFull).toEqual([]);
    expect(facts.afterwards).toEqual([]);

    const [full, again] = facts.migrations;
    expect(full).toMatchObject({ code: 1, stdout: '' });
    // One error and what to do, and no stack.
    expect(full?.stderr.match(/^error: /gm)).toHaveLength(1);
    expect(full?.stderr.match(/^hint: .*space/gm)).toHaveLength(1);
    expect(full?.stderr).not.toMatch(/^\s+at /m);
    expect(again).toMatchObject({ code: 0 });
    expect(facts.migrated).toBe(facts.toMigrate);
  },
);

test(
  'a backup onto a full disk: a clear error and no half of a file',
  PATIENCE,
  async ({ skip }) => {
    skip(refusal !== null, refusal ?? '');
    const { full, again } = await factsFrom<BackupOnFullDiskFacts>(
      'backup-on-full-disk.ts',
      temporaryFolder(),
    );
    expect(full).toHaveLength(3);
    for (const { ended, left } of full) {
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).toMatch(/^error: There is no space left for .*\nhint: .*space/);
      expect(ended.stderr).not.toMatch(/^\s+at /m);
      expect(left).toEqual([]);
    }
    expect(again.map(({ code }) => code)).toEqual([0, 0]);
  },
);
