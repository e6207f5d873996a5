import { describe, expect, test } from 'vitest';
import { folderWithRuns, json, noTerminal, onTerminal, runledger } from './support/program.ts';

interface Changes {
  isDone: boolean;
  backTo: string | null;
  changes: number;
  runs: { id: string; what: string }[];
}

/** A moment that is over when this ends. */
async function now(): Promise<string> {
  const text = new Date().toISOString();
  await new Promise((resolve) => setTimeout(resolve, 20));
  return text;
}

describe('rewind', () => {
  test('brings back what was deleted, and what it did can be undone', async () => {
    const cwd = await folderWithRuns();
    const before = await now();
    const { stdout } = await runledger(['list', '--json'], { cwd });
    expect((await runledger(['delete', '--status', 'FAILED', '--yes'], { cwd })).code).toBe(0);
    const deleted = await now();

    const dry = await json<Changes>(['rewind', '--to', before, '--dry-run'], { cwd });
    expect(dry).toMatchObject({ isDone: false, changes: 3 });
    expect(dry.runs.map(({ what }) => what)).toEqual(['restored', 'restored', 'restored']);
    const done = await json<Changes>(['rewind', '--to', before, '--yes'], { cwd });
    expect(done).toMatchObject({ isDone: true, runs: dry.runs });
    const ids = (text: string) => JSON.parse(text).runs.map(({ id }: { id: string }) => id);
    expect(ids((await runledger(['list', '--json'], { cwd })).stdout)).toEqual(ids(stdout));

    const again = await runledger(['rewind', '--to', deleted, '--yes'], { cwd });
    expect(again.stdout).toMatch(/^Went back to .* UTC: undid 3 changes in 1 transaction\.\n/);
    expect(again.stdout.match(/ {2}goes$/gm)).toHaveLength(3);
  });

  test('needs one moment, and an answer', async () => {
    const cwd = await folderWithRuns();
    const before = await now();
    await runledger(['delete', '--status', 'FAILED', '--yes'], { cwd });
    expect((await runledger(['rewind'], { cwd })).stderr).toContain('Give one of --to and');
    const unasked = await runledger(['rewind', '--to', before], { cwd });
    expect(unasked).toMatchObject({ code: 2, stdout: '' });
    expect(unasked.stderr).toContain('3 changes to 3 runs would be undone');
  });

  test('says when there is nothing to undo, and when the ledger does not reach so far', async () => {
    const cwd = await folderWithRuns();
    const same = await runledger(['rewind', '--to', await now()], { cwd });
    expect(same).toMatchObject({ code: 0, stdout: 'Every run is as it was then.\n' });
    const tooFar = await runledger(['rewind', '--to', '2020-01-01', '--yes'], { cwd });
    expect(tooFar.code).toBe(1);
    expect(tooFar.stderr).toMatch(/^error: The ledger reaches back to .*\nhint: Restore a backup/);
    const position = 'a.b.c';
    const unknown = await runledger(['rewind', '--at-change', position, '--yes'], { cwd });
    expect(unknown.code).toBe(1);
  });

  test('asks on a terminal, and a no changes nothing', async (context) => {
    context.skip(noTerminal !== '', noTerminal);
    const cwd = await folderWithRuns();
    const before = await now();
    await runledger(['delete', '--status', 'FAILED', '--yes'], { cwd });
    const { code, stdout } = await onTerminal(['rewind', '--to', before], { cwd, input: 'n\n' });
    expect(code).toBe(1);
    expect(stdout).toContain('Undo 3 changes to 3 runs? [y/N]');
    const { totalRuns } = await json<{ totalRuns: number }>(['stats'], { cwd });
    expect(totalRuns).toBe(9);
  });
});

describe('show --history', () => {
  const ID = '4e2a7d08-5f61-4291-9d34-8a9b0c1d2e12';
  interface Shown {
    history: { position: string; operation: string; version: number; fields: object[] }[];
  }

  test('tells what changed, of a run that was deleted too, and where to go back to', async () => {
    const cwd = await folderWithRuns();
    await runledger(['tag', ID, '--add', 'odd\u0007', '--json'], { cwd });
    await runledger(['cancel', ID], { cwd });
    await runledger(['delete', ID], { cwd });
    const { history } = await json<Shown>(['show', ID, '--history'], { cwd });
    expect(history.map(({ operation, version }) => [operation, version])).toEqual([
      ['insert', 1],
      ['update', 2],
      ['update', 3],
      ['delete', 3],
    ]);
    expect(history[1]?.fields).toEqual([{ path: 'tags', to: ['odd\u0007'] }]);
    expect(history[2]?.fields).toContainEqual({ path: 'status', from: 'QUEUED', to: 'CANCELLED' });
    const text = await runledger(['show', ID, '--history'], { cwd });
    expect(text.stdout).toContain('status: QUEUED → CANCELLED');
    expect(text.stdout).not.toContain('\u0007');

    const position = history[1]?.position ?? '';
    await runledger(['rewind', '--at-change', position, '--yes'], { cwd });
    const { run } = await json<{ run: { status: string; tags: string[] } }>(['show', ID], { cwd });
    expect(run).toMatchObject({ status: 'QUEUED', tags: ['odd\u0007'] });
  });

  test('of a run that never was is an error', async () => {
    const cwd = await folderWithRuns();
    const unknown = ID.replace('4e2a', '0000');
    const { code, stderr } = await runledger(['show', unknown, '--history'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain(`There is no run ${unknown}.`);
  });
});
