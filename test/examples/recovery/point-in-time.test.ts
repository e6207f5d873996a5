import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { makeRuns } from '../../../src/conformance/make-run.ts';
import { guardRepository } from '../../../src/repository/guard/guarded-repository.ts';
import { ask, openOn, until } from '../../postgres/support/own-servers.ts';
import type { TestServer } from '../../support/postgres/server.ts';
import { documentedSettings } from './support/recovery-page.ts';
import { addressIn, ownFolder, recipeTest, recoveryPlace } from './support/recovery-place.ts';
import {
  archiveLog,
  checkPaused,
  checkRecovered,
  goOn,
  momentOn,
} from './support/what-is-there.ts';

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
    const early = await momentOn(primary);
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
    const then = await recover(early);
    await checkPaused(then, FIRST);
    await then.crash();
    const file = join(then.host, 'data', 'postgresql.auto.conf');
    const written = (time: string) => time.replace('T', ' ').replace('Z', '+00');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain(written(early));
    writeFileSync(file, text.replace(written(early), written(moment)));
    await then.restart();
    await checkPaused(then, [...FIRST, ...SECOND]);
    await goOn(then);
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
    const backUp = async () => {
      const env = { ...folders, ...addressIn(primary), KEEP: '1' };
      expect(await place.run(['base-backup.sh'], env)).toMatchObject({ code: 0, stderr: '' });
      const [name = '', ...others] = readdirSync(folders.BACKUPS);
      expect(others).toEqual([]);
      return { name, log: await archiveLog(primary) };
    };
    const first = await backUp();
    await untilUsable(primary, first.name);
    const second = await backUp();
    expect(Number(second.name)).toBeGreaterThan(Number(first.name));
    const log = readdirSync(folders.WAL_ARCHIVE);
    expect(log).not.toContain(first.log);
    expect(log).toContain(second.log);
  });
});
