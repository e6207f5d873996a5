import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeRun } from '../../src/conformance/make-run.ts';
import { openRunStore } from '../../src/open-repository.ts';
import { edit } from '../support/list-source.ts';
import { until } from '../support/until.ts';
import {
  folderWithFiles,
  folderWithRuns,
  json,
  runledger,
  startProgram,
} from './support/program.ts';

interface Copied {
  from: string;
  to: string;
  written: number;
  verified: number;
  differences: string[];
  conflicts: string[];
}

async function idsOf(cwd: string, store = 'sqlite'): Promise<string[]> {
  const { runs } = await json<{ runs: { id: string }[] }>(['list', '--store', store], { cwd });
  return runs.map(({ id }) => id);
}

describe('migrate --dry-run', () => {
  test('tells what would come of it, and changes nothing', async () => {
    const cwd = await folderWithFiles();
    await writeFile(join(cwd, 'logs/claude-runs/broken.json'), '{"id": "');
    const { code, stdout } = await runledger(['migrate', '--dry-run', '--json'], { cwd });
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ dryRun: true, targetExists: false, read: 12, written: 12, unchanged: 0 },
      setAside: [{ source: 'broken.json' }],
      ...{
        bytes: expect.any(Number),
        freeBytes: expect.any(Number),
        estimatedMs: expect.any(Number),
      },
    });
    expect(existsSync(join(cwd, 'data'))).toBe(false);
    const text = await runledger(['migrate', '--dry-run'], { cwd });
    expect(text.stdout).toMatch(/^To write {3}12, about \d+\.\d KB as JSON$/m);
    expect(text.stdout).toContain('(would be made)');
    expect(text.stdout).toContain('Would be put aside: 1 item.');
  });

  test('counts what a target has already, which stays as it is', async () => {
    const cwd = await folderWithRuns();
    const plan = ['migrate', '--from', 'sqlite', '--to', 'sqlite:other.db', '--dry-run'];
    await runledger(['migrate', '--from', 'sqlite', '--to', 'sqlite:other.db'], { cwd });
    const [id = ''] = await idsOf(cwd);
    await runledger(['tag', id, '--add', 'here'], { cwd });
    expect(await json(plan, { cwd })).toMatchObject({
      written: 1,
      unchanged: 11,
      targetExists: true,
    });
    expect(await json(plan, { cwd })).toMatchObject({ written: 1, unchanged: 11 });
  });
});

test('--on-conflict decides whose state stays', async () => {
  const cwd = await folderWithRuns();
  const copy = ['migrate', '--from', 'sqlite', '--to', 'sqlite:other.db'];
  await runledger(copy, { cwd });
  const [id = ''] = await idsOf(cwd);
  await runledger(['tag', id, '--add', 'here'], { cwd });
  await runledger(['tag', id, '--add', 'there', '--store', 'sqlite:other.db'], { cwd });
  const untold = await runledger([...copy, '--json'], { cwd });
  expect(untold.code).toBe(4);
  expect(JSON.parse(untold.stdout)).toMatchObject({ differences: [id], conflicts: [id] });
  const left = await json<Copied>([...copy, '--on-conflict', 'target'], { cwd });
  expect(left).toMatchObject({ written: 0, differences: [], conflicts: [id] });
  const taken = await json<Copied>([...copy, '--on-conflict', 'source'], { cwd });
  expect(taken).toMatchObject({ written: 1, differences: [] });
  const other = await runledger(['list', '--store', 'sqlite:other.db', '--tag', 'here'], { cwd });
  expect(other.stdout).toContain(id.slice(0, 8));
});

describe('migrate --cut-over', () => {
  const move = ['migrate', '--from', 'sqlite', '--to', 'sqlite:other.db', '--cut-over'];

  test('closes the source, which names the new place; --undo-cut-over opens it again', async () => {
    const cwd = await folderWithRuns();
    const [id = ''] = await idsOf(cwd);
    expect(await json(move, { cwd })).toMatchObject({ verified: 12, isMoved: true });
    const refused = await runledger(['tag', id, '--add', 'late'], { cwd });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`This store was moved to sqlite:${cwd}/other.db.`);
    const { checks } = await json<{ checks: object[] }>(['doctor'], { cwd });
    expect(checks).toContainEqual({
      ...{ name: 'moved', state: 'warning' },
      text: `to sqlite:${cwd}/other.db: every change here is refused`,
      hint: expect.stringMatching(/ migrate --undo-cut-over --from sqlite$/),
    });
    expect(await idsOf(cwd)).toEqual(await idsOf(cwd, 'sqlite:other.db'));
    const undo = ['migrate', '--from', 'sqlite', '--undo-cut-over'];
    expect(await json(undo, { cwd })).toMatchObject({ movedTo: `sqlite:${cwd}/other.db` });
    expect(await json(undo, { cwd })).toMatchObject({ movedTo: null });
    expect((await runledger(['tag', id, '--add', 'late'], { cwd })).code).toBe(0);
  });

  test('is not made where the two differ, nor of a folder that anybody writes', async () => {
    const cwd = await folderWithRuns();
    const [id = ''] = await idsOf(cwd);
    await runledger(['migrate', '--from', 'sqlite', '--to', 'sqlite:other.db'], { cwd });
    await runledger(['tag', id, '--add', 'here'], { cwd });
    await runledger(['tag', id, '--add', 'there', '--store', 'sqlite:other.db'], { cwd });
    const { code, stdout } = await runledger([...move, '--json'], { cwd });
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ differences: [id], isMoved: false });
    expect((await runledger(['tag', id, '--add', 'on'], { cwd })).code).toBe(0);

    const folder = ['migrate', '--from', 'file:runs', '--to', 'sqlite:b.db', '--cut-over'];
    await runledger(['migrate', '--from', 'sqlite', '--to', 'file:runs'], { cwd });
    const unsafe = await runledger(folder, { cwd });
    expect(unsafe.code).toBe(2);
    expect(unsafe.stderr).toContain('add --writers-stopped');
    expect(existsSync(join(cwd, 'b.db'))).toBe(false);
    const safe = await json([...folder, '--writers-stopped'], { cwd });
    expect(safe).toMatchObject({ isMoved: true, verified: 12 });
  });
});

describe('migrate --follow', () => {
  async function following(cwd: string) {
    const args = ['migrate', '--from', 'sqlite', '--to', 'sqlite:other.db', '--follow', '--json'];
    const child = startProgram(args, { cwd });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
      });
    }
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    await until(() => said.stderr.includes('Following'));
    return { child, said, ended };
  }

  test('copies each change until Ctrl-C', async () => {
    const cwd = await folderWithRuns();
    const { child, said, ended } = await following(cwd);
    const [id = '', other = ''] = await idsOf(cwd);
    await runledger(['tag', id, '--add', 'late'], { cwd });
    await runledger(['delete', other, '--yes'], { cwd });
    await until(async () => (await idsOf(cwd, 'sqlite:other.db')).length === 11);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(JSON.parse(said.stdout)).toMatchObject({ differences: [], isMoved: false });
    const tagged = await runledger(['list', '--store', 'sqlite:other.db', '--tag', 'late'], {
      cwd,
    });
    expect(tagged.stdout).toContain(id.slice(0, 8));
  });

  test('cuts over on SIGUSR2', async () => {
    const cwd = await folderWithRuns();
    const { child, said, ended } = await following(cwd);
    expect(said.stderr).toContain(`"kill -USR2 ${child.pid}" cuts over`);
    child.kill('SIGUSR2');
    expect(await ended).toBe(0);
    expect(said.stderr).toContain('refuses changes from now on.');
    expect(JSON.parse(said.stdout)).toMatchObject({ isMoved: true, verified: 12 });
  });
});

describe('mirror', () => {
  test('is brought up to date; doctor tells how far it is behind', async () => {
    const cwd = await folderWithRuns();
    const nowhere = await runledger(['mirror'], { cwd });
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toContain('No mirror is named.');
    await writeFile(join(cwd, 'runledger.config.yaml'), 'mirror: sqlite:./mirror.db\n');
    const stateOf = async () => {
      const { checks } = await json<{ checks: { name: string; text: string }[] }>(['doctor'], {
        cwd,
      });
      return checks.find(({ name }) => name === 'mirror')?.text;
    };
    expect(await stateOf()).toContain('is not there yet');
    expect(await json(['mirror', '--once'], { cwd })).toMatchObject({ written: 12, verified: 12 });
    expect(await stateOf()).toContain('up to date');
    const [id = ''] = await idsOf(cwd);
    await runledger(['tag', id, '--add', 'late'], { cwd });
    expect(await stateOf()).toContain('1 change behind');
    const again = await json(['mirror', '--once'], { cwd });
    expect(again).toMatchObject({ read: 1, written: 1, isResumed: false, differences: [] });
    expect(await stateOf()).toContain('up to date');
  });
});

test('a mirror keeps its own ledger as long as is configured', async () => {
  const cwd = await folderWithRuns();
  const mirror = `sqlite:${join(cwd, 'mirror.db')}`;
  const longAgo = await openRunStore(mirror, { now: () => Date.now() - 40 * 86_400_000 });
  await edit(longAgo, makeRun(1));
  await edit(longAgo, makeRun(1, { branch: 'changed' }));
  await longAgo.close();
  await json(['mirror', '--to', mirror, '--once'], { cwd });
  const store = await openRunStore(mirror);
  const ids = (await store.changes(null, 100)).map(({ runId }) => runId);
  await store.close();
  expect(ids).not.toContain(makeRun(1).id);
  expect(ids).toHaveLength(12);
});

describe('verify of two stores', () => {
  const both = ['verify', 'sqlite', 'sqlite:other.db'];

  test('is content where they are equal, and names what differs', async () => {
    const cwd = await folderWithRuns();
    await runledger(['migrate', '--from', 'sqlite', '--to', 'sqlite:other.db'], { cwd });
    expect(await json(both, { cwd })).toMatchObject({ compared: 12, equal: 12, differences: [] });
    const [id = '', gone = ''] = await idsOf(cwd);
    await runledger(['tag', id, '--add', 'here'], { cwd });
    await runledger(['delete', gone, '--yes'], { cwd });
    const { code, stdout } = await runledger([...both, '--json'], { cwd });
    expect(code).toBe(4);
    expect(JSON.parse(stdout).differences).toEqual(
      [
        { id, what: 'differs' },
        { id: gone, what: 'only in the second' },
      ].sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
  });

  test('needs two of them', async () => {
    const cwd = await folderWithRuns();
    const one = await runledger(['verify', 'sqlite'], { cwd });
    expect(one).toMatchObject({ code: 2 });
    expect(one.stderr).toContain('sqlite is a store.');
    const same = await runledger(['verify', 'sqlite', 'sqlite:data/claude-runs.db'], { cwd });
    expect(same).toMatchObject({ code: 2 });
    const missing = await runledger(['verify', 'sqlite', 'sqlite:no.db'], { cwd });
    expect(missing).toMatchObject({ code: 1 });
  });
});
