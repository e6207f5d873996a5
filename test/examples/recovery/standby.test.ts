import { renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { guardRepository } from '../../../src/repository/guard/guarded-repository.ts';
import { storeSource } from '../../../src/repository/store-source.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { addressOf, ask, openOn, until } from '../../postgres/support/own-servers.ts';
import type { TestServer } from '../../support/postgres/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { addressIn, ownFolder, recipeTest, recoveryPlace } from './support/recovery-place.ts';
import { checkRecovered } from './support/what-is-there.ts';

const RUNS = makeRuns(10);

/** A primary with a standby that the recipe made, and the recipe that promotes it. */
async function openPair() {
  const place = recoveryPlace();
  const primary = await place.startServer({});
  const folder = ownFolder();
  const env = { ...addressIn(primary), PGDATA: join(folder, 'data'), NAME: 'standby_1' };
  expect(await place.run(['make-standby.sh'], env)).toMatchObject({ code: 0, stderr: '' });
  const standby = await place.startServerIn(folder, {});
  const old = { OLD_HOST: primary.host, OLD_PORT: String(primary.port) };
  const promote = (more = { OLD_PRIMARY_IS_OFF: 'yes' }) =>
    place.run(['promote-standby.sh'], { ...addressIn(standby), ...old, ...more });
  return { primary, standby, promote };
}

/** A name of a server that is given to another one, as an address that moves. */
function movingAddress(server: TestServer) {
  const place = join(temporaryFolder(), 'server');
  symlinkSync(server.host, place);
  return {
    place: { host: place, port: server.port },
    moveTo(other: TestServer) {
      symlinkSync(other.host, `${place}-next`);
      renameSync(`${place}-next`, place);
    },
  };
}

/** From now on the standby gets nothing of what the primary writes. */
async function cutOff(standby: TestServer): Promise<void> {
  await ask(standby, "ALTER SYSTEM SET primary_conninfo = ''");
  await ask(standby, 'SELECT pg_reload_conf()');
  await until(async () => (await ask(standby, 'SELECT FROM pg_stat_wal_receiver')) === undefined);
}

describe('a standby that takes over', () => {
  recipeTest('goes on with what it got; a program that runs goes on too', async () => {
    const { primary, standby, promote } = await openPair();
    const address = movingAddress(primary);
    const replicas = [addressOf(standby, 'the standby')];
    const store = await openOn(address.place, { replicas });
    const repository = guardRepository(store);
    await repository.saveMany(RUNS.slice(0, 5));
    await until(async () => (await store.replicas?.())?.[0]?.lagMs === 0);
    const before = await store.position();
    await cutOff(standby);
    // Acknowledged by the primary alone.
    await repository.saveMany(RUNS.slice(5));
    const positions = [before, await store.position()];
    const mirror = openMemoryStore();
    await copyRuns(await storeSource(store), mirror);

    expect(await promote()).toMatchObject({ code: 1, stderr: expect.stringContaining('answers') });
    await primary.crash();
    expect(await promote({ OLD_PRIMARY_IS_OFF: '' })).toMatchObject({ code: 2 });
    expect(await promote()).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/is of \d{4}-\d\d-\d\d /),
      stderr: '',
    });
    address.moveTo(standby);
    expect(await repository.findById(makeRun(5).id)).toBeNull();
    expect(await store.replicas?.()).toMatchObject([
      { isUsed: false, problem: 'it is no standby' },
    ]);
    await repository.close();
    await checkRecovered(standby, RUNS.slice(0, 5), positions);
    // What the standby did not get comes back from a copy that did.
    const promoted = await openOn(standby);
    const { written, differences } = await copyRuns(await storeSource(mirror), promoted);
    expect({ written, differences }).toEqual({ written: 5, differences: [] });
    await promoted.close();

    // A program that starts now must not be told that the new primary is a standby.
    await expect(openOn(address.place, { replicas })).rejects.toMatchObject({ code: 'INVALID' });
  });

  recipeTest('loses nothing that was acknowledged where it is synchronous', async () => {
    const { primary, standby, promote } = await openPair();
    await ask(primary, "ALTER SYSTEM SET synchronous_standby_names = 'standby_1'");
    await ask(primary, 'SELECT pg_reload_conf()');
    const address = movingAddress(primary);
    const repository = guardRepository(await openOn(address.place));
    await repository.saveMany(RUNS.slice(0, 5));
    await cutOff(standby);
    const next = makeRun(5);
    const waiting = repository.save(next);
    const isWaiting = "SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    await until(async () => (await ask(primary, isWaiting)) !== undefined);
    await primary.crash();
    expect(await promote()).toMatchObject({ code: 0, stderr: '' });
    address.moveTo(standby);
    // It was never acknowledged, and is made again where the address leads now.
    await waiting;
    await repository.close();
    await checkRecovered(standby, [...RUNS.slice(0, 5), next], []);
  });
});
