import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, vi } from 'vitest';
import { makeRuns } from '../../../src/conformance/make-run.ts';
import { guardRepository } from '../../../src/repository/guard/guarded-repository.ts';
import { ask, openOn } from '../../postgres/support/own-servers.ts';
import { testWhere } from '../../support/test-where.ts';
import { documentedSettings } from './support/recovery-page.ts';
import {
  addressIn,
  ownFolder,
  RECIPES,
  recoveryPlace,
  whyNoRecipes,
} from './support/recovery-place.ts';
import {
  archiveLog,
  checkPaused,
  checkRecovered,
  goOn,
  momentOn,
} from './support/what-is-there.ts';

const isInstalled = spawnSync('pgbackrest', ['version']).status === 0;
const pgbackrestTest = testWhere(
  whyNoRecipes ?? (isInstalled ? null : 'no pgbackrest is installed here'),
);

describe('recovery with pgBackRest', () => {
  pgbackrestTest('goes back to a moment', async () => {
    const place = recoveryPlace();
    const configuration = place.path('pgbackrest.conf');
    /** The configuration of the recipe for this data folder, with everything else in the place. */
    const configure = (data: string) => {
      const text = readFileSync(join(RECIPES, 'pgbackrest.conf'), 'utf8')
        .replace('/var/lib/postgresql/18/main', data)
        .replace('/backup/pgbackrest', place.path('repository'));
      const here = ['lock', 'spool'].map((name) => `${name}-path=${place.path(name)}\n`).join('');
      const global = `[global]\nlog-level-file=off\n${here}`;
      writeFileSync(configuration, text.replace('[global]\n', global));
    };
    // The server and what it calls know of it as of a file in /etc.
    vi.stubEnv('PGBACKREST_CONFIG', configuration);
    onTestFinished(() => void vi.unstubAllEnvs());
    const settings = documentedSettings('archive-push', {});
    const primary = await place.startServer(settings);
    configure(join(primary.host, 'data'));
    const env = { PGBACKREST_CONFIG: configuration, ...addressIn(primary) };

    const runs = makeRuns(15);
    const store = await openOn(primary);
    const repository = guardRepository(store);
    await repository.saveMany(runs.slice(0, 5));
    const made = await place.run(['pgbackrest-backup.sh'], env);
    expect(made, made.stderr).toMatchObject({ code: 0 });
    // It counts in seconds: a moment of the one in which a backup ended is before that backup.
    await ask(primary, 'SELECT pg_sleep(1)');
    await repository.saveMany(runs.slice(5, 10));
    const before = await store.position();
    const moment = await momentOn(primary);
    for (const { id } of runs.slice(0, 5)) await repository.delete(id);
    await repository.saveMany(runs.slice(10));
    const positions = [before, await store.position()];
    await archiveLog(primary);
    await repository.close();
    await primary.stop();

    const folder = ownFolder();
    configure(join(folder, 'data'));
    const restored = await place.run(['pgbackrest-recover.sh', moment], env);
    expect(restored, restored.stderr).toMatchObject({ code: 0 });
    const then = await place.startServerIn(folder, settings);
    await checkPaused(then, runs.slice(0, 10));
    await goOn(then);
    await checkRecovered(then, runs.slice(0, 10), positions);
  });
});
