import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeRuns } from '../../src/conformance/make-run.ts';
import { openRunRepository, openRunStore } from '../../src/open-repository.ts';
import { openBackup } from '../../src/services/backup/backup-file.ts';
import { takeBackup } from '../backup/support/backups.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { json, runledger, startProgram } from './support/program.ts';

/** The runs that ship, and the one that is recorded between the two backups. */
const RUNS = 13;
const ONE_MORE = JSON.stringify({ repository: 'a', status: 'SUCCESS', input: { prompt: 'x' } });

let shared = '';

beforeAll(async () => {
  shared = mkdtempSync(join(tmpdir(), 'runledger-drill-'));
  const options = { cwd: shared };
  await runledger(['start'], options);
  await runledger(['backup'], options);
  await runledger(['record'], { ...options, input: ONE_MORE });
  await runledger(['backup', '--since', 'latest'], options);
  mkdirSync(join(shared, 'tmp'));
});

afterAll(() => rmSync(shared, { recursive: true, force: true }));

/** A folder with a whole backup of a store and an increment, and a place for what is temporary. */
function folderWithBackups() {
  const cwd = temporaryFolder();
  cpSync(shared, cwd, { recursive: true });
  const [full = '', increment = ''] = readdirSync(join(cwd, 'backups')).sort();
  const options = { cwd, env: { TMPDIR: join(cwd, 'tmp') } };
  return {
    options,
    full: join(cwd, 'backups', full),
    increment: join(cwd, 'backups', increment),
    /** What was left of the try; Node keeps its compiled code there too. */
    left: () => readdirSync(join(cwd, 'tmp')).filter((name) => name.startsWith('runledger-')),
    path: (name: string) => join(cwd, name),
  };
}

/** Of `./backups`, as where nothing is said. */
const DRILL = ['drill'];

describe('drill', () => {
  test('restores the newest backup, says up to when it reaches, and leaves nothing', async () => {
    const { options, full, increment, left } = folderWithBackups();
    const { manifest } = await openBackup(increment);
    const report = await json([...DRILL, '--max-age', '1h'], options);
    expect(report).toMatchObject({
      version: 1,
      from: increment,
      passedOver: [],
      bases: [full.split('/').at(-1)],
      to: null,
      recoverableUntil: manifest.takenAt,
      maxAge: 3_600_000,
      isTooOld: false,
      isAhead: false,
      read: RUNS,
      verified: RUNS,
      differences: [],
    });
    expect(report).toHaveProperty('age', expect.any(Number));
    expect(left()).toEqual([]);
  });

  test('ends with 1 where the newest is too old', async () => {
    const { options } = folderWithBackups();
    const { code, stdout } = await runledger([...DRILL, '--max-age', '0s'], options);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Restored +13 runs, each equal/m);
    expect(stdout).toContain('Too old');
  });

  test('ends with 1 where the newest is of a time to come: a clock is wrong', async () => {
    const { options, path } = folderWithBackups();
    const store = await openRunStore(`sqlite:${path('data/claude-runs.db')}`);
    mkdirSync(path('ahead'));
    const taken = await takeBackup(store, path('ahead'), { now: () => Date.now() + 36_000_000 });
    await store.close();
    const { code, stdout } = await runledger(
      ['drill', '--from', taken.path, '--max-age', '1h'],
      options,
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Up to +\S+ \S+ UTC$/m);
    expect(stdout).toContain('9h59m from now: a clock is wrong');
  });

  test('ends with 1 where it cannot be restored, and says why', async () => {
    const { options, full, increment, left } = folderWithBackups();
    const whole = readFileSync(full);
    // Of all that a restore reads, only the hash tells of this one.
    const place = whole.indexOf('"program":"runledger') + '"program":"'.length;
    const flipped = Uint8Array.from(whole, (byte, at) => (at === place ? byte ^ 1 : byte));
    expect(place).toBeGreaterThan(1_000);
    const fails = async (why: string) => {
      const { code, stdout, stderr } = await runledger([...DRILL, '--json'], options);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(why);
      expect(left()).toEqual([]);
    };
    writeFileSync(full, flipped);
    await fails(full);
    rmSync(full);
    await fails('which is not there');
    writeFileSync(full, whole);
    truncateSync(increment, 100);
    truncateSync(full, 100);
    await fails(increment);
    for (const file of [full, increment]) rmSync(file);
    await fails('there is no backup');
  });

  test('ends with 1 where an older one comes back, because the newest is damaged', async () => {
    const { options, full, increment } = folderWithBackups();
    truncateSync(increment, 100);
    const { code, stdout, stderr } = await runledger([...DRILL, '--json'], options);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      from: full,
      passedOver: [{ name: increment.split('/').at(-1), reason: expect.stringContaining('cut') }],
      verified: RUNS - 1,
    });
    expect(stderr).toMatch(/^warning: runledger-\S+ was passed over: .* cut off/);
  });

  test('restores into a store that is named, which stays; not where something is', async () => {
    const { options } = folderWithBackups();
    const into = [...DRILL, '--to', 'sqlite:tried.db'];
    expect(await runledger(into, options)).toMatchObject({ code: 0 });
    const stats = ['stats', '--store', 'sqlite:tried.db'];
    expect(await json(stats, options)).toMatchObject({ totalRuns: RUNS });
    const again = await runledger(into, options);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('is not empty') });
  });

  test('leaves nothing where it is interrupted', async () => {
    const { options, left, path } = folderWithBackups();
    const repository = await openRunRepository(`sqlite:${path('many.db')}`);
    await repository.saveMany(makeRuns(4_000));
    await repository.close();
    await runledger(['backup', '--store', 'sqlite:many.db', '--out', 'many'], options);
    const child = startProgram(['drill', '--from', 'many'], options);
    while (left().length === 0) await sleep(5);
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    expect(code).toBe(130);
    expect(left()).toEqual([]);
  });
});
