import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openBackup } from '../../src/services/backup/backup-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { folderWithRuns, json, runledger, sharedFolder, startProgram } from './support/program.ts';

interface Made {
  backup: string;
  bytes: number;
  sha256: string;
  removed: string[];
  manifest: { kind: string; counts: { runs: number; changes: number } };
}
interface Verified {
  bases: string[];
  verified: number;
  problems: { name: string; reason: string }[];
}
interface Restored {
  read: number;
  verified: number;
  setAside: { source: string; reason: string }[];
  differences: string[];
}
const COUNT = 12;

/** What a store holds, for comparing. */
async function runsIn(cwd: string, store: string): Promise<string> {
  return (await runledger(['export', '--store', store], { cwd })).stdout;
}

describe('backup', () => {
  test('into a folder it makes, verified, restored as it was', async () => {
    const cwd = await folderWithRuns();
    const made = await json<Made>(['backup'], { cwd });
    expect(made.backup).toMatch(/backups\/runledger-\d{8}T\d{9}Z\.ndjson\.zst$/);
    expect(made).toMatchObject({
      store: `sqlite:${cwd}/data/claude-runs.db`,
      removed: [],
      manifest: { kind: 'full', counts: { runs: COUNT, changes: COUNT } },
    });
    expect(readFileSync(made.backup)).toHaveLength(made.bytes);
    const verdict = await json<Verified>(['verify', made.backup], { cwd });
    expect(verdict).toMatchObject({ sha256: made.sha256, verified: COUNT, problems: [] });
    const to = ['restore', '--to', 'sqlite:./restored.db'];
    const restored = await json<Restored>(to, { cwd });
    expect(restored).toMatchObject({ read: COUNT, verified: COUNT, differences: [] });
    // Another store, of whose backups restore would have to choose.
    const other = await runledger(['backup', '--store', 'sqlite:./restored.db'], { cwd });
    expect(other).toMatchObject({ code: 0 });
    expect(other.stderr).toMatch(/^warning: .* backups of other stores \(\S+\): .*\n$/);
    expect(await runsIn(cwd, 'sqlite:./restored.db')).toBe(await runsIn(cwd, 'sqlite'));
    const text = await runledger(['verify', made.backup], { cwd });
    expect(text).toMatchObject({ code: 0, stderr: '' });
    const { manifest } = await openBackup(made.backup);
    expect(text.stdout).toMatch(new RegExp(`^Store +${manifest.storeId}$`, 'm'));
    expect(text.stdout).toMatch(/Kind +full\n[\s\S]*Runs +12\n[\s\S]*each equal by its digest/);
  });

  test('its format is what the name says; standard output gets the bytes alone', async () => {
    const cwd = await sharedFolder();
    const folder = temporaryFolder();
    const out = join(folder, 'runs.json');
    expect((await runledger(['backup', '--out', out], { cwd })).code).toBe(0);
    const { runs } = JSON.parse(readFileSync(out, 'utf8')) as { runs: unknown[] };
    expect(runs).toHaveLength(COUNT);
    const printed = await runledger(['backup', '--out', '-', '--format', 'json'], { cwd });
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(printed.stdout)).toMatchObject({ runs });
    const again = await runledger(['backup', '--out', out], { cwd });
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toMatch(/^error: .* is there already\.\nhint: /);
    expect(readdirSync(folder)).toEqual(['runs.json']);
  });

  test.each([
    [['--out', 'runs.json', '--format', 'sqlite'], /name of a backup in the format json/],
    [['--out', '-', '--json'], /--json needs a file/],
    [['--out', '-', '--keep', '2'], /--keep needs a folder/],
  ])('%j makes no sense', async (args, message) => {
    const cwd = await sharedFolder();
    const { code, stdout, stderr } = await runledger(['backup', ...args], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(readdirSync(cwd)).toEqual(['data']);
  });

  test('increments build on the latest, old ones are let go of, any moment comes back', async () => {
    const cwd = await folderWithRuns();
    const backup = ['backup', '--out', 'kept', '--since', 'latest'];
    const first = await json<Made>(backup, { cwd });
    expect(first.manifest.kind).toBe('full');
    const before = await runsIn(cwd, 'sqlite');
    const then = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await runledger(['delete', '--status', 'FAILED', '--yes'], { cwd })).code).toBe(0);
    const second = await json<Made>([...backup, '--format', 'sqlite', '--keep', '1'], { cwd });
    expect(second).toMatchObject({ removed: [], manifest: { kind: 'increment' } });
    const { bases } = await json<Verified>(['verify', second.backup], { cwd });
    expect(bases.map((name) => join(cwd, 'kept', name))).toEqual([first.backup]);

    await json(['restore', 'kept', '--to', 'file:now'], { cwd });
    expect(await runsIn(cwd, 'file:now')).toBe(await runsIn(cwd, 'sqlite'));
    const at = await json(['restore', 'kept', '--to', 'sqlite:then.db', '--at', then], { cwd });
    expect(at).toMatchObject({ from: second.backup, at: then });
    expect(await runsIn(cwd, 'sqlite:then.db')).toBe(before);
    const tooFar = ['restore', 'kept', '--to', 'sqlite:no.db', '--at', '2020-01-01'];
    const { code, stderr } = await runledger(tooFar, { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .* reaches back to .*\nhint: /);
    expect(readdirSync(cwd)).not.toContain('no.db');
    const future = await runledger([...tooFar.slice(0, -1), '2099-01-01'], { cwd });
    expect(future.stderr).toMatch(/no backup of that time or later: the newest is of /);

    const full = await json<Made>(['backup', '--out', 'kept', '--keep', '1'], { cwd });
    expect(full.removed.map((name) => join(cwd, 'kept', name))).toEqual([
      first.backup,
      second.backup,
    ]);
    const other = ['backup', '--store', 'sqlite:then.db', '--out', 'kept', '--since', full.backup];
    const refused = await runledger(other, { cwd });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/hint: Take a full backup/);
    expect(readdirSync(join(cwd, 'kept'))).toHaveLength(1);
  });

  test('a damaged one ends verify with 4, restore with 1, and is salvaged with 3', async () => {
    const cwd = await folderWithRuns();
    const { backup } = await json<Made>(['backup', '--format', 'json', '--out', 'kept'], { cwd });
    const text = readFileSync(backup, 'utf8');
    writeFileSync(backup, text.replace('"repository":"', '"repository":"x'));
    // The newest of a folder, whole or not.
    const verify = await runledger(['verify', 'kept', '--json'], { cwd });
    expect(verify.code).toBe(4);
    expect((JSON.parse(verify.stdout) as Verified).problems.length).toBeGreaterThan(1);
    expect((await runledger(['verify', backup], { cwd })).stdout).toMatch(
      /Not as it was written: /,
    );
    const restore = ['restore', 'kept', '--to', 'sqlite:./new.db'];
    const refused = await runledger(restore, { cwd });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^error: .* is damaged: .*\nhint: .*--salvage/);
    expect(readdirSync(cwd)).not.toContain('new.db');
    const salvaged = await runledger([...restore, '--salvage', '--json'], { cwd });
    expect(salvaged.code).toBe(3);
    const { verified, setAside } = JSON.parse(salvaged.stdout) as Restored;
    expect(verified).toBe(COUNT - 1);
    expect(setAside.map(({ reason }) => reason).join()).toContain('1 of 12 runs are lost');
    const next = ['backup', '--since', 'latest', '--out', 'kept', '--keep', '5', '--json'];
    const beside = await runledger(next, { cwd });
    expect(beside.code).toBe(0);
    expect(JSON.parse(beside.stdout)).toMatchObject({
      removed: [],
      passedOver: [{ name: basename(backup), reason: expect.stringContaining('is damaged') }],
      manifest: { kind: 'full' },
    });
    expect(beside.stderr).toMatch(/^warning: runledger-\S+\.json was passed over: .* is damaged/);
    mkdirSync(join(cwd, 'empty'));
    for (const args of [
      ['verify', 'empty'],
      ['restore', 'empty', '--to', 'sqlite:./no.db'],
    ]) {
      const { code, stderr } = await runledger(args, { cwd });
      expect(code === 1 || code === 2).toBe(true);
      expect(stderr).toMatch(/^error: .*\nhint: /);
    }
  });
});

describe('a backup that is stopped', () => {
  /** A store whose backup takes a while. */
  async function largeStore(): Promise<string> {
    const cwd = temporaryFolder();
    const prompt = 'p'.repeat(10_000);
    const lines = Array.from({ length: 2_000 }, (_, at) =>
      JSON.stringify({ repository: 'r', status: 'QUEUED', input: { prompt: `${at} ${prompt}` } }),
    );
    const made = await json(['record'], { cwd, input: lines.join('\n') });
    expect(made).toMatchObject({ inserted: 2_000 });
    return cwd;
  }

  test('leaves nothing under its name: killed not, and by Ctrl-C nothing at all', async () => {
    const cwd = await largeStore();
    const folder = join(cwd, 'kept');
    mkdirSync(folder);
    const out = join('kept', 'runs.json');
    const stop = async (signal: NodeJS.Signals) => {
      const child = startProgram(['backup', '--out', out], { cwd });
      while (child.exitCode === null && readdirSync(folder).length === 0) {
        await new Promise((done) => setTimeout(done, 2));
      }
      child.kill(signal);
      return (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    };
    expect(await stop('SIGINT')).toEqual([130, null]);
    expect(readdirSync(folder)).toEqual([]);
    expect(await stop('SIGKILL')).toEqual([null, 'SIGKILL']);
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^runs\.json\.\d+\.tmp$/)]);
    expect((await runledger(['backup', '--out', out], { cwd })).code).toBe(0);
    expect(await json(['verify', out], { cwd })).toMatchObject({ verified: 2_000, problems: [] });
  });
});
