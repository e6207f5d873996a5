import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { newestServer, unusedSchema } from '../support/postgres/fresh-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testOn } from '../support/test-where.ts';
import { runledger } from './support/program.ts';

const server = newestServer();
const test = testOn(server);

const EXAMPLES = join(import.meta.dirname, '../../examples/claude-runs');

describe('a store on a server, from the command line', () => {
  test('is missing, is set up, is filled, is read, and goes back into files', async () => {
    const cwd = temporaryFolder();
    const store = unusedSchema(server);
    const run = (...args: string[]) => runledger([...args, '--store', store], { cwd });

    const missing = await run('list');
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('There is no store at postgres://');
    expect((await run('schema')).stdout).toContain('pending');
    const applied = await run('schema', '--apply');
    expect(applied.stdout).toMatch(/^Applied \d+ changes\./m);
    expect((await run('schema')).stdout).toContain('The schema is up to date.');

    const taken = await runledger(['migrate', '--from', `file:${EXAMPLES}`, '--to', store], {
      cwd,
    });
    expect(taken).toMatchObject({ code: 0 });
    const again = await runledger(
      ['migrate', '--from', `file:${EXAMPLES}`, '--to', store, '--json'],
      { cwd },
    );
    expect(JSON.parse(again.stdout)).toMatchObject({ read: 12, written: 0, unchanged: 12 });

    const listed = JSON.parse((await run('list', '--json')).stdout);
    expect(listed.runs).toHaveLength(12);
    const stats = JSON.parse((await run('stats', '--json')).stdout);
    expect(stats.totalRuns).toBe(12);
    const found = JSON.parse((await run('search', 'commit', '--json')).stdout);
    expect(found.hits.length).toBeGreaterThan(0);
    expect((await run('doctor')).code).toBe(0);

    const back = await runledger(['migrate', '--from', store, '--to', 'file:./back'], { cwd });
    expect(back).toMatchObject({ code: 0 });
    const files = readdirSync(join(cwd, 'back')).filter((name) => name.endsWith('.json'));
    expect(files.sort()).toEqual(readdirSync(EXAMPLES).sort());
  });

  test('migrate sets up a target without tables, whatever synchronize says', async () => {
    const cwd = temporaryFolder();
    const store = unusedSchema(server);
    const args = ['migrate', '--from', `file:${EXAMPLES}`, '--to', store];
    expect(await runledger(args, { cwd })).toMatchObject({ code: 0 });
  });

  test('record needs tables, and names the command that makes them', async () => {
    const store = unusedSchema(server);
    const { code, stderr } = await runledger(
      ['record', '--store', store, '--agent', 'a', '--', 'true'],
      { cwd: temporaryFolder() },
    );
    expect(code).toBe(1);
    expect(stderr).toContain('schema --apply');
  });
});
