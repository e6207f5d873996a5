import { spawnSync } from 'node:child_process';
import { realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeRun } from '../../src/conformance/make-run.ts';
import {
  applySchema,
  openRunRepository,
  openRunSource,
  openRunStore,
  readSchema,
} from '../../src/open-repository.ts';
import { runChild } from '../support/child.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('memory is no source: it would always be empty', async () => {
  for (const target of ['memory:', { type: 'memory' as const }]) {
    await expect(openRunSource(target)).rejects.toMatchObject({ code: 'INVALID' });
  }
});

test('a source is read and not migrated', async () => {
  const database = join(temporaryFolder(), 'old.db');
  await (await openRunStore(`sqlite:${database}`)).close();
  using file = new DatabaseSync(database);
  file.exec('DELETE FROM schema_migrations');
  const configuration = { type: 'sqlite', database, synchronize: true } as const;
  for (const target of [`sqlite:${database}`, configuration]) {
    await expect(openRunSource(target)).rejects.toMatchObject({ code: 'SCHEMA_OLDER' });
  }
  expect(file.prepare('SELECT name FROM schema_migrations').all()).toEqual([]);
});

test('the index of a folder is not taken for a store', async () => {
  const folder = temporaryFolder();
  await (await openRunStore(`file:${folder}`)).close();
  const index = `sqlite:${join(folder, '.runledger/index.db')}`;
  for (const open of [openRunRepository, openRunStore, openRunSource, readSchema, applySchema]) {
    await expect(open(index)).rejects.toMatchObject({
      code: 'INVALID',
      hint: expect.stringContaining(`file:${folder}`),
    });
  }
});

const MODULE = new URL('../../src/open-repository.ts', import.meta.url).href;
const RUN = makeRun(1, { repository: 'acme/hidden' });

/** What a program that saves a run, and then tries to delete it, writes to standard error. */
async function linesWith(logging: unknown): Promise<string[]> {
  const database = join(temporaryFolder(), 'runs.db');
  const program = `
    import { DatabaseSync } from 'node:sqlite';
    import { openRunRepository } from ${JSON.stringify(MODULE)};
    const configuration = ${JSON.stringify({ type: 'sqlite', database, logging })};
    const runs = await openRunRepository(configuration);
    await runs.save(${JSON.stringify(RUN)});
    const other = new DatabaseSync(configuration.database);
    other.exec("CREATE TRIGGER no BEFORE DELETE ON agent_runs BEGIN SELECT RAISE(FAIL, 'not\\nso'); END");
    other.close();
    const failure = await runs.delete(${JSON.stringify(RUN.id)}).catch((error) => error.code);
    await runs.close();
    console.log(failure);`;
  const child = await runChild([process.execPath, '--input-type=module', '-e', program]);
  expect(child).toMatchObject({ code: 0, stdout: 'STORE_FAILED\n' });
  return child.stderr.split('\n').filter((line) => line !== '');
}

test('logging: true tells each statement in a line, with its time and without values', async () => {
  const lines = await linesWith(true);
  for (const line of lines) expect(line).toMatch(/^sqlite \d+\.\d ms: \S/);
  expect(lines).toContainEqual(expect.stringMatching(/ms: INSERT INTO agent_runs/));
  expect(lines.join('\n')).not.toContain('acme/hidden');
});

test("logging: ['error'] tells failures alone; false and nothing tell nothing", async () => {
  expect(await linesWith(['error'])).toEqual([
    expect.stringMatching(/^sqlite \d+\.\d ms: DELETE FROM agent_runs.* failed: not so$/),
  ]);
  expect(await linesWith(false)).toEqual([]);
  expect(await linesWith(undefined)).toEqual([]);
});

describe('without a target', () => {
  const program = `
    import { openRunRepository } from ${JSON.stringify(MODULE)};
    const runs = await openRunRepository();
    console.log(runs.location);
    await runs.close();`;
  /** Where a program in a folder with this configuration keeps its runs. */
  async function locationWith(configuration: string, variables: NodeJS.ProcessEnv) {
    const cwd = realpathSync(temporaryFolder());
    writeFileSync(join(cwd, 'runledger.config.yaml'), configuration);
    const env = { ...process.env, ...variables };
    const options = { cwd, env, encoding: 'utf8' } as const;
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', program], options);
    expect(child.stderr).toBe('');
    return child.stdout.replace(cwd, '.').trim();
  }

  test('the configuration of the folder and of the environment is loaded', async () => {
    const configuration = 'database: { type: sqlite, database: ./kept/runs.db }';
    expect(await locationWith(configuration, {})).toContain('./kept/runs.db');
    const environment = { RUNLEDGER_DATABASE_DATABASE: './e.db' };
    expect(await locationWith(configuration, environment)).toContain('./e.db');
  });

  test('and with one, nothing else is consulted', async () => {
    process.env.RUNLEDGER_DATABASE_NONSENSE = '1';
    onTestFinished(() => {
      delete process.env.RUNLEDGER_DATABASE_NONSENSE;
    });
    await (await openRunRepository('memory:')).close();
    await expect(openRunRepository()).rejects.toMatchObject({ code: 'INVALID' });
  });
});
