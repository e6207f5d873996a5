import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { folderWithFiles, json, runledger, sharedFolder } from './support/program.ts';

interface Health {
  sound: boolean;
  checks: { name: string; state: string; text: string; items?: object[] }[];
}
const checkOf = ({ checks }: Health, name: string) => checks.find((check) => check.name === name);

describe('doctor', () => {
  test('a sound store', async () => {
    const cwd = await sharedFolder();
    const health = await json<Health>(['doctor'], { cwd });
    expect(health).toMatchObject({ version: 1, sound: true });
    expect(health.checks.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(checkOf(health, 'runs')?.text).toMatch(/^12: .*SUCCESS/);
    expect(checkOf(health, 'ledger')?.text).toMatch(/^back to \d{4}-.* UTC, at 12-\d+, store /);
    const { code, stdout } = await runledger(['doctor'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain(join(cwd, 'data/claude-runs.db'));
  });

  test('what was put aside is listed', async () => {
    const cwd = await folderWithFiles();
    mkdirSync(join(cwd, 'logs/claude-runs/folder.json'));
    await runledger(['start'], { cwd });
    const health = await json<Health>(['doctor'], { cwd });
    expect(health.sound).toBe(true);
    expect(checkOf(health, 'quarantine')).toMatchObject({
      state: 'warning',
      items: [{ name: expect.stringContaining('folder.json') }],
    });
  });

  test('a missing or empty store beside a full one is pointed out', async () => {
    const cwd = await folderWithFiles();
    await runledger(['start'], { cwd });
    const below = join(cwd, 'packages');
    mkdirSync(below);
    const missing = await runledger(['doctor'], { cwd: below });
    expect(missing.code).toBe(1);
    expect(missing.stdout).toContain(
      `not there, but there is sqlite:${join(cwd, 'data/claude-runs.db')}`,
    );
    await runledger(['record', '--json'], { cwd: below, input: '[]' });
    const empty = await json<Health>(['doctor'], { cwd: below });
    expect(checkOf(empty, 'runs')).toMatchObject({ state: 'warning' });
    expect(checkOf(empty, 'runs')?.text).toContain(join(cwd, 'data/claude-runs.db'));
  });
});

describe('schema', () => {
  test('shows what is applied, and has nothing to apply to a new store', async () => {
    const cwd = await sharedFolder();
    const document = await json<{ migrations: { number: number; appliedAt: string | null }[] }>(
      ['schema', '--apply'],
      { cwd },
    );
    expect(document).toMatchObject({ version: 1, applied: [] });
    expect(document.migrations.length).toBeGreaterThan(0);
    expect(document.migrations.filter(({ appliedAt }) => appliedAt === null)).toEqual([]);
  });

  test('a memory store has none', async () => {
    const { code, stderr } = await runledger(['schema', '--store', 'memory:'], {
      cwd: temporaryFolder(),
    });
    expect(code).toBe(1);
    expect(stderr).toContain('has no schema');
  });
});
