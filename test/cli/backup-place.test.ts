import { mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { placeOfBackup, refuseInStore } from '../../src/cli/backup-place.ts';
import { removeLeftovers } from '../../src/cli/remove-leftovers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('where a backup goes', () => {
  test.each(['runs.ndjson', 'x.txt', 'runs.json.gz'])('%s is no name for one', async (name) => {
    const out = join(temporaryFolder(), name);
    await expect(placeOfBackup(out, undefined)).rejects.toThrow(/ends like a file, but not/);
    // Whoever means a folder says so.
    expect(await placeOfBackup(`${out}/`, undefined)).toMatchObject({ folder: out });
    mkdirSync(out);
    expect(await placeOfBackup(out, undefined)).toMatchObject({ folder: out });
  });

  test.each(['backups', '.backups', '2026.10'])('%s is a folder', async (name) => {
    const out = join(temporaryFolder(), name);
    expect(await placeOfBackup(out, undefined)).toMatchObject({ folder: out, format: 'ndjson' });
  });

  test('not among the run files that are backed up, by whatever way', async () => {
    const folder = temporaryFolder();
    const database = join(folder, 'runs');
    mkdirSync(database);
    symlinkSync(database, join(folder, 'link'));
    const refuse = async (out: string) =>
      refuseInStore(await placeOfBackup(join(folder, out), undefined), { type: 'file', database });
    for (const out of ['runs', 'runs/new/deep', 'runs/all.json', 'link', 'link/all.json']) {
      await expect(refuse(out), out).rejects.toThrow(/lies in the folder that is backed up/);
    }
    await refuse('beside');
    const place = await placeOfBackup(database, undefined);
    refuseInStore(place, { type: 'sqlite', database: join(database, 'runs.db') });
  });
});

test('what a backup left that was killed long ago is removed, and nothing else', async () => {
  const folder = temporaryFolder();
  const name = 'runledger-20261005T192417741Z.ndjson.zst';
  // No process has so large a number.
  const gone = 2 ** 30;
  const old = [`${name}.${gone}.tmp`, `${name}.${process.pid}.tmp`, `mine.json.${gone}.tmp`, name];
  for (const one of [...old, `${name}.${gone + 1}.tmp`]) writeFileSync(join(folder, one), '');
  const then = new Date(Date.now() - 25 * 3_600_000);
  for (const one of old) utimesSync(join(folder, one), then, then);
  await removeLeftovers(folder);
  expect(readdirSync(folder).sort()).toEqual([...old.slice(1), `${name}.${gone + 1}.tmp`].sort());
});
