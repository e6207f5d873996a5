import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runChild } from '../../support/child.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { testWhere } from '../../support/test-where.ts';
import { recoveryPage } from './support/recovery-page.ts';
import { RECIPES } from './support/recovery-place.ts';

const files = readdirSync(RECIPES);
const scripts = files.filter((file) => file.endsWith('.sh'));

/** Runs a recipe with these variables and no others of its own. */
const run = (script: string, args: readonly string[], env: Record<string, string> = {}) =>
  runChild([join(RECIPES, script), ...args], { env: { PATH: process.env.PATH, ...env } });

describe('the recipes', () => {
  test.each(scripts)(
    '%s tells how it is used where it is called in a wrong way',
    async (script) => {
      const { code, stderr } = await run(script, ['--help']);
      expect(code).toBe(2);
      expect(stderr).not.toContain('set -eu');
      // Each variable that it takes is told.
      const text = readFileSync(join(RECIPES, script), 'utf8');
      for (const [, name = ''] of text.matchAll(/\$\{([A-Z_]+):/g)) expect(stderr).toContain(name);
    },
  );

  test('the page and the list beside them name each file', () => {
    const list = readFileSync(join(RECIPES, 'README.md'), 'utf8');
    for (const file of files.filter((name) => name !== 'README.md')) {
      expect(recoveryPage).toContain(`(../examples/recovery/${file})`);
      expect(list).toContain(`(${file})`);
    }
  });

  const isChecked = spawnSync('shellcheck', ['--version']).status === 0;
  testWhere(isChecked ? null : 'no shellcheck is installed here')(
    'shellcheck finds nothing',
    () => {
      const { stdout } = spawnSync(
        'shellcheck',
        scripts.map((script) => join(RECIPES, script)),
        {
          encoding: 'utf8',
        },
      );
      expect(stdout).toBe('');
    },
  );
});

test('make-standby.sh takes no password that it would write down', async () => {
  const env = { PGDATA: temporaryFolder(), NAME: 'standby_1', PGPASSWORD: 'secret' };
  const { code, stderr } = await run('make-standby.sh', [], env);
  expect(code).toBe(2);
  expect(stderr).toContain('~/.pgpass');
  expect(readdirSync(env.PGDATA)).toEqual([]);
});

describe('archive-wal.sh', () => {
  const NAME = '000000010000000000000001';

  /** A piece of a log, and a folder that keeps such. */
  function aPiece(text: string) {
    const folder = temporaryFolder();
    const archive = join(folder, 'wal');
    mkdirSync(archive);
    const piece = join(folder, 'piece');
    writeFileSync(piece, text);
    const keep = () => run('archive-wal.sh', [piece, NAME], { WAL_ARCHIVE: archive });
    return { archive, piece, kept: join(archive, NAME), keep };
  }

  test('keeps a piece for its owner alone, and takes it a second time', async () => {
    const { archive, kept, keep } = aPiece('log');
    for (const _ of [1, 2]) expect(await keep()).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(archive)).toEqual([NAME]);
    expect(readFileSync(kept, 'utf8')).toBe('log');
    expect(statSync(kept).mode & 0o77).toBe(0);
  });

  test('refuses another piece of that name, and leaves what is there', async () => {
    const { kept, keep } = aPiece('log');
    writeFileSync(kept, 'of another server');
    expect(await keep()).toMatchObject({ code: 1, stderr: expect.stringContaining('differs') });
    expect(readFileSync(kept, 'utf8')).toBe('of another server');
  });

  test('fails where it cannot keep it, and leaves no half', async () => {
    const { archive, keep, piece } = aPiece('log');
    expect(
      await run('archive-wal.sh', [`${piece}-gone`, NAME], { WAL_ARCHIVE: archive }),
    ).toMatchObject({ code: 1 });
    expect(readdirSync(archive)).toEqual([]);
    chmodSync(archive, 0o755);
    expect(await keep()).toMatchObject({ code: 0 });
  });
});

describe('recover-to-time.sh', () => {
  /** Base backups of these names, and where a recovery goes. */
  function backups(...names: string[]) {
    const folder = temporaryFolder();
    for (const name of names) mkdirSync(join(folder, 'base', name, 'pg_wal'), { recursive: true });
    const PGDATA = join(folder, 'data');
    const env = { BACKUPS: join(folder, 'base'), WAL_ARCHIVE: join(folder, 'wal'), PGDATA };
    const to = (moment: string) => run('recover-to-time.sh', [moment], env);
    return {
      data: PGDATA,
      to,
      settings: () => readFileSync(join(PGDATA, 'postgresql.auto.conf'), 'utf8'),
    };
  }

  test.each([
    ['2026-10-05T19:24:16.999Z', '20261004120000'],
    ['2026-10-05T19:24:17.000Z', '20261005192417'],
    ['2026-10-05T20:00:00Z', '20261005192417'],
    ['latest', '20261006120000'],
  ])('to get to %s it begins with the newest backup from before', async (moment, name) => {
    const { to, settings } = backups(
      '20261004120000',
      '20261005192417',
      '20261006120000',
      '.partial.1',
    );
    expect(await to(moment)).toMatchObject({ code: 0, stdout: expect.stringContaining(name) });
    const target = moment.replace('T', ' ').replace('Z', '+00');
    if (moment === 'latest') expect(settings()).not.toContain('recovery_target_time =');
    else expect(settings()).toContain(`recovery_target_time = '${target}'`);
  });

  test('refuses a moment that no backup is as old as', async () => {
    const { to } = backups('20261005192417');
    expect(await to('2026-10-05T19:24:16.000Z')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no backup'),
    });
  });

  test('refuses a folder that holds something, and leaves it', async () => {
    const { data, to } = backups('20261005192417');
    mkdirSync(data);
    writeFileSync(join(data, 'PG_VERSION'), '18\n');
    expect(await to('latest')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not empty'),
    });
    expect(readdirSync(data)).toEqual(['PG_VERSION']);
  });

  test.each(['yesterday', '2026-10-05', '2026-10-05T19:24:17+02:00', "2026-10-05T19:24:17';Z", ''])(
    'refuses %j as a moment',
    async (moment) => {
      const { to } = backups('20261005192417');
      expect(await to(moment)).toMatchObject({ code: 2 });
    },
  );
});
