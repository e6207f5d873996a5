import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { callOnStore, rememberStore } from '../../src/cli/how-to-call.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import {
  EXAMPLES,
  folderWithFiles,
  folderWithRuns,
  json,
  runledger,
  sharedFolder,
} from './support/program.ts';

interface Health {
  store: string | null;
  configFiles: string[];
  settings: { name: string; value: unknown; source: string }[];
  sound: boolean;
  checks: { name: string; state: string; text: string }[];
}
const COUNT = readdirSync(EXAMPLES).length;
const NOBODY = '00000000-0000-4000-8000-000000000000';

/** A folder with a configuration. */
function folderWith(configuration: string, name = 'runledger.config.yaml'): string {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, name), configuration);
  return cwd;
}

/** A folder whose runs lie where only its configuration says. */
async function configuredFolder(name: string): Promise<string> {
  const cwd = await folderWithRuns();
  renameSync(join(cwd, 'data'), join(cwd, 'kept here'));
  const database = './kept here/claude-runs.db';
  writeFileSync(join(cwd, name), JSON.stringify({ database: { type: 'sqlite', database } }));
  return cwd;
}

describe('without --store a command works on the configured store', () => {
  test('from the file of the folder, and hints name no store', async () => {
    const cwd = await configuredFolder('runledger.config.yaml');
    const { runs } = await json<{ runs: unknown[] }>(['list'], { cwd });
    expect(runs).toHaveLength(COUNT);
    const { stderr } = await runledger(['show', NOBODY], { cwd });
    expect(stderr).toContain('runledger -- list" shows');
  });

  test('from the file that --config or RUNLEDGER_CONFIG names; hints repeat --config', async () => {
    const cwd = await configuredFolder('other conf.json');
    const config = ['--config', 'other conf.json'];
    const { stderr } = await runledger(['show', NOBODY, ...config], { cwd });
    expect(stderr).toContain(`runledger -- list --config 'other conf.json'" shows`);
    const env = { RUNLEDGER_CONFIG: 'other conf.json' };
    const { runs } = await json<{ runs: unknown[] }>(['list'], { cwd, env });
    expect(runs).toHaveLength(COUNT);
    const both = ['show', NOBODY, ...config, '--store', 'sqlite'];
    expect((await runledger(both, { cwd })).stderr).toContain(
      `runledger -- list --config 'other conf.json' --store sqlite" shows`,
    );
  });

  test('from the environment', async () => {
    const place = join(await sharedFolder(), 'data/claude-runs.db');
    const cwd = temporaryFolder();
    for (const env of [
      { RUNLEDGER_STORE: `sqlite:${place}` },
      { RUNLEDGER_DATABASE_DATABASE: place },
    ]) {
      const { totalRuns } = await json<{ totalRuns: number }>(['stats'], { cwd, env });
      expect(totalRuns).toBe(COUNT);
    }
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('--store outranks it all', async () => {
    const cwd = folderWith('database: { type: postgres, password: "${NOWHERE}" }');
    const { code } = await runledger(['record', '--store', 'memory:'], { cwd, input: '[]' });
    expect(code).toBe(0);
  });

  test('start, typed elsewhere, tells the place whole', async () => {
    const cwd = await configuredFolder('runledger.config.yaml');
    const env = { INIT_CWD: temporaryFolder() };
    const { stdout } = await runledger(['start'], { cwd, env });
    expect(stdout).toContain(` --store 'sqlite:${cwd}/kept here/claude-runs.db'\n`);
  });
});

test('a hint does not repeat a password', () => {
  const store = 'postgres://me:hunter2@db/runs';
  rememberStore({ store, resolved: { type: 'postgres', url: store } });
  expect(callOnStore('list')).toMatch(/ list --store .?postgres:\/\/me\b/);
  expect(callOnStore('list')).not.toContain('hunter2');
});

describe('a configuration that is wrong', () => {
  test('ends every command with 2, one line and what to do', async () => {
    const cwd = folderWith('database:\n  type: sqllite\n');
    for (const args of [['list'], ['migrate'], ['record']]) {
      const { code, stdout, stderr } = await runledger(args, { cwd, input: '[]' });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toBe(
        `error: ${cwd}/runledger.config.yaml: database.type is wrong: "sqllite" is no kind of store; did you mean sqlite?\n`,
      );
    }
    expect(readdirSync(cwd)).toEqual(['runledger.config.yaml']);
  });

  test('is one broken check of doctor', async () => {
    const cwd = folderWith('database:\n  password: hunter2\n  poolsize: 5\n');
    const { code, stdout } = await runledger(['doctor'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^BROKEN {3}config {6}.*"poolsize" is no option of database/);
    const health = await json<Health>(['doctor'], { cwd });
    expect(health).toMatchObject({ store: null, configFiles: [], settings: [], sound: false });
    expect(health.checks).toHaveLength(1);
    expect(JSON.stringify(health) + stdout).not.toContain('hunter2');
  });

  test('that is named and missing ends with 1', async () => {
    const cwd = temporaryFolder();
    const { code, stderr } = await runledger(['list', '--config', 'gone.yaml'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain(join(cwd, 'gone.yaml'));
  });
});

describe('doctor', () => {
  test('shows each setting in force and where it comes from', async () => {
    const cwd = await configuredFolder('runledger.config.yaml');
    const env = { RUNLEDGER_DATABASE_LOGGING: '["error"]' };
    const health = await json<Health>(['doctor'], { cwd, env });
    const place = join(cwd, 'kept here/claude-runs.db');
    expect(health).toMatchObject({
      store: `sqlite:${place}`,
      configFiles: [join(cwd, 'runledger.config.yaml')],
      settings: [
        { name: 'database.type', value: 'sqlite', source: 'runledger.config.yaml' },
        { name: 'database.database', value: place, source: 'runledger.config.yaml' },
        { name: 'database.synchronize', value: true, source: 'default' },
        { name: 'database.logging', value: ['error'], source: 'RUNLEDGER_DATABASE_LOGGING' },
        { name: 'ledger.keep', value: '30d', source: 'default' },
      ],
      sound: true,
    });
    const { stdout } = await runledger(['doctor'], { cwd, env });
    expect(stdout).toMatch(
      /^SETTING +VALUE +FROM\ndatabase\.type +sqlite +runledger\.config\.yaml\n/,
    );
    expect(stdout).toContain(`\nRead ${join(cwd, 'runledger.config.yaml')}\n`);
  });

  test('shows a PostgreSQL configuration without its password, and that there is no server', async () => {
    const cwd = folderWith('database: { type: postgres, url: "${DATABASE_URL}" }');
    const env = { DATABASE_URL: 'postgres://me:hunter2@db.invalid/runs', RUNLEDGER_DEBUG: '1' };
    const { code, stdout, stderr } = await runledger(['doctor'], { cwd, env });
    expect(code).toBe(1);
    expect(stdout).toContain('postgres://me:***@db.invalid/runs');
    expect(stdout).toMatch(
      /BROKEN +open +(There is no server of that name|The name of the server)/,
    );
    const health = await json<Health>(['doctor'], { cwd, env });
    expect(health.store).toBe('postgres://me@db.invalid:5432/runs?schema=claude_runs');
    expect(JSON.stringify(health) + stdout + stderr).not.toContain('hunter2');
  });
});

describe('doctor where there is little to look at', () => {
  test('keeps each value and its source whole on a narrow terminal', async () => {
    const cwd = folderWith('database: { type: sqlite, database: "${A_RATHER_LONG_NAME}" }');
    const place = join(cwd, 'a', 'b'.repeat(60));
    const env = { A_RATHER_LONG_NAME: place, COLUMNS: '80' };
    const { stdout } = await runledger(['doctor'], { cwd, env });
    expect(stdout).toContain(
      `\ndatabase.database     ${place}\n                      from runledger.config.yaml (\${A_RATHER_LONG_NAME})\n`,
    );
  });

  test.each(['sqlite', 'file'])(
    'a file above the place of a %s store is a finding',
    async (kind) => {
      const cwd = folderWith('a file', 'file');
      const store = ['--store', `${kind}:${join(cwd, 'file', 'x')}`];
      const { code, stdout, stderr } = await runledger(['doctor', ...store], { cwd });
      expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
      expect(stdout).toMatch(/^SETTING +VALUE/);
      expect(stdout).toContain('cannot be looked at (ENOTDIR)');
      const health = await json<Health>(['doctor', ...store], { cwd });
      expect(health).toMatchObject({ sound: false, checks: [{ name: 'files', state: 'broken' }] });
    },
  );

  test('memory is a store that begins empty', async () => {
    const env = { RUNLEDGER_STORE: 'memory:' };
    const health = await json<Health>(['doctor'], { cwd: temporaryFolder(), env });
    expect(health).toMatchObject({ store: 'memory:', sound: true, checks: [{ name: 'memory' }] });
  });

  test('a server that is not verified is a warning', async () => {
    const cwd = folderWith(
      'database: { type: postgres, url: "postgres://db/runs", ssl: { rejectUnauthorized: false } }',
    );
    const { checks } = await json<Health>(['doctor'], { cwd });
    expect(checks).toContainEqual(expect.objectContaining({ name: 'ssl', state: 'warning' }));
  });
});

test('no password is told that was typed where none belongs', async () => {
  const url = 'postgres://me:hunter2@db/runs';
  const cwd = temporaryFolder();
  for (const args of [
    ['list', url],
    [url],
    ['show', url],
    ['list', '--config', url],
    ['start', '--from', url],
    ['doctor', '--store', `file:${url}`],
    ['migrate', '--from', `sqlite:${url}`],
  ]) {
    const { code, stdout, stderr } = await runledger(args, { cwd });
    expect(code, args.join(' ')).not.toBe(0);
    expect(stdout + stderr).not.toContain('hunter2');
  }
  expect(readdirSync(cwd)).toEqual([]);
});

describe('migrate', () => {
  test('takes a kind that is configured for the configured place, and shows it', async () => {
    const cwd = await folderWithFiles();
    writeFileSync(join(cwd, 'c.yaml'), 'database: { type: sqlite, database: ./elsewhere.db }');
    const migrate = ['migrate', '--from', 'file', '--to', 'sqlite', '--config', 'c.yaml'];
    const { code, stdout } = await runledger(migrate, { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      new RegExp(`^From +file:${cwd}/logs/claude-runs\nTo +sqlite:${cwd}/elsewhere\\.db\n`),
    );
    expect(existsSync(join(cwd, 'data'))).toBe(false);
  });

  test('also where the runs come from', async () => {
    const cwd = await folderWithFiles();
    mkdirSync(join(cwd, 'old'));
    renameSync(join(cwd, 'logs/claude-runs'), join(cwd, 'old/runs'));
    writeFileSync(
      join(cwd, 'runledger.config.yaml'),
      'database: { type: file, database: old/runs }',
    );
    const { stdout } = await runledger(['migrate'], { cwd });
    expect(stdout).toContain(`file:${cwd}/old/runs`);
    expect(stdout).toContain(`sqlite:${cwd}/data/claude-runs.db`);
    const same = await runledger(['migrate', '--to', 'file'], { cwd });
    expect(same.code).toBe(2);
    expect(same.stderr).toContain(`Both --from and --to are file:${cwd}/old/runs.`);
  });
});
