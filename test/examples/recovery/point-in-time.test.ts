import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { makeRuns } from '../../../src/conformance/make-run.ts';
import { guardRepository } from '../../../src/repository/guard/guarded-repository.ts';
import { ask, openOn, until } from '../../postgres/support/own-servers.ts';
import type { TestServer } from '../../support/postgres/server.ts';
import { documentedSettings } from './support/recovery-page.ts';
import { addressIn, ownFolder, recipeTest, recoveryPlace } from './support/recovery-place.ts';
import { archiveLog, checkPaused, checkRecovered, momentOn } from './support/what-is-there.ts';

const RUNS = makeRuns(20);
const FIRST = RUNS.slice(0, 5);
const SECOND = RUNS.slice(5, 10);
const THIRD = RUNS.slice(10, 15);
const LAST = RUNS.slice(15);

/** A place with folders for backups and for the log, and how a server there keeps its log. */
async function archivingPlace() {
  const place = recoveryPlace();
  const folders = { BACKUPS: place.path('base'), WAL_ARCHIVE: place.path('wal') };
  expect(await place.run(['mkdir', ...Object.values(folders)])).toMatchObject({ code: 0 });
  const settings = documentedSettings('archive-wal.sh', {
    '/backup/wal': folders.WAL_ARCHIVE,
    '/etc/runledger': place.path('scripts'),
  });
  return { place, folders, settings };
}

/** Waits until a backup can be used for what happens now: its name says from when on. */
async function untilUsable(server: TestServer, backup: string): Promise<void> {
  const sql = `SELECT WHERE to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISS') >= '${backup}'`;
  await until(async () => (await ask(server, sql)) !== undefined);
}

describe('recovery by hand', () => {
  recipeTest('goes back to a moment, or on to the end of the log', async () => {
    const { place, folders, settings } = await archivingPlace();
    const primary = await place.startServer(settings);
    const store = await openOn(primary);
    const repository = guardRepository(store);
    await repository.saveMany(FIRST);
    const made = await place.run(['base-backup.sh'], { ...folders, ...addressIn(primary) });
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const [backup = ''] = readdirSync(folders.BACKUPS);
    await untilUsable(primary, backup);

    await repository.saveMany(SECOND);
    const before = await store.position();
    const moment = await momentOn(primary);
    for (const { id } of FIRST) await repository.delete(id);
    await repository.saveMany(THIRD);
    await archiveLog(primary);
    // This is acknowledged, and stands nowhere but in the log that the server has itself.
    await repository.saveMany(LAST);
    const positions = [before, await store.position()];
    await primary.crash();
    await repository.close();

    const recover = async (to: string, more: Record<string, string> = {}) => {
      const folder = ownFolder();
      const env = { ...folders, PGDATA: join(folder, 'data'), ...more };
      const done = await place.run(['recover-to-time.sh', to], env);
      expect(done).toMatchObject({ code: 0, stderr: '' });
      return await place.startServerIn(folder, settings);
    };
    const then = await recover(moment);
    await checkPaused(then, [...FIRST, ...SECOND]);
    await ask(then, 'SELECT pg_wal_replay_resume()');
    await checkRecovered(then, [...FIRST, ...SECOND], positions);
    await archiveLog(then);

    // The history that was left is still there, beside the one that began now.
    const whole = { OLD_PGDATA: join(primary.host, 'data'), TIMELINE: '1' };
    const latest = await recover('latest', whole);
    await checkRecovered(latest, [...SECOND, ...THIRD, ...LAST], positions);
  });

  recipeTest('keeps so many backups, and the log from the oldest of them on', async () => {
    const { place, folders, settings } = await archivingPlace();
    const primary = await place.startServer(settings);
    const names: string[] = [];
    const log: string[] = [];
    for (const count of [1, 2, 2]) {
      const env = { ...folders, ...addressIn(primary), KEEP: '2' };
      expect(await place.run(['base-backup.sh'], env)).toMatchObject({ code: 0, stderr: '' });
      const kept = readdirSync(folders.BACKUPS).sort();
      expect(kept).toHaveLength(count);
      names.push(kept.at(-1) ?? '');
      log.push(await archiveLog(primary));
      await untilUsable(primary, names.at(-1) ?? '');
    }
    expect(readdirSync(folders.BACKUPS).sort()).toEqual(names.slice(1));
    const kept = readdirSync(folders.WAL_ARCHIVE);
    expect(kept).not.toContain(log[0]);
    expect(kept).toEqual(expect.arrayContaining(log.slice(1)));
  });
});
