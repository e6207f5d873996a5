import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeRuns } from '../../../src/conformance/make-run.ts';
import { openRunRepository } from '../../../src/open-repository.ts';
import { MAIN } from '../../cli/support/program.ts';
import { runChild } from '../../support/child.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { RECIPES } from './support/recovery-place.ts';

const RUNS = makeRuns(9);
/** The day of the week on which these tests take place, and another one. */
const TODAY = '3';
const OTHER_DAY = '4';
const FULL = expect.stringMatching(/Kind +full/);
const INCREMENT = expect.stringMatching(/Kind +increment on/);

/** A folder where `runledger` is a command, and a store that the recipe backs up. */
function machine() {
  const folder = temporaryFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const [name, command] of [
    ['runledger', `exec '${process.execPath}' '${MAIN}' "$@"`],
    ['date', `echo ${TODAY}`],
  ]) {
    writeFileSync(join(bin, name ?? ''), `#!/bin/sh\n${command}\n`, { mode: 0o755 });
  }
  const path = join(folder, 'runs.db');
  const store = `sqlite:${path}`;
  const OUT = join(folder, 'backups');
  const PATH = [bin, process.env.PATH].join(delimiter);
  const run = (words: readonly string[], more: Record<string, string> = {}) =>
    runChild(words, { cwd: folder, env: { PATH, HOME: folder, OUT, STORE: store, ...more } });
  return {
    path,
    store,
    out: OUT,
    backUp: (day: string) => run([join(RECIPES, 'backup-store.sh')], { FULL_ON: day }),
    restore: (...more: string[]) => run(['runledger', 'restore', OUT, '--to', store, ...more]),
    lose: () => {
      for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true });
    },
  };
}

async function save(store: string, from: number, to: number): Promise<void> {
  const repository = await openRunRepository(store);
  await repository.saveMany(RUNS.slice(from, to));
  await repository.close();
}

/** The runs of a store, oldest first. */
async function runsIn(store: string): Promise<object[]> {
  const repository = await openRunRepository(store);
  const runs = await Array.fromAsync(repository.stream({}, { order: 'oldest' }));
  await repository.close();
  return runs;
}

describe('scheduled backups', () => {
  test('bring a store back as it was last, and as it was before', async () => {
    const { store, backUp, restore, lose } = machine();
    await save(store, 0, 3);
    expect(await backUp(OTHER_DAY)).toMatchObject({ code: 0, stdout: FULL });
    await save(store, 3, 6);
    const before = await runsIn(store);
    const moment = new Date().toISOString();
    await save(store, 6, 9);
    const whole = await runsIn(store);
    expect(await backUp(OTHER_DAY)).toMatchObject({ code: 0, stdout: INCREMENT });

    lose();
    expect(await restore()).toMatchObject({ code: 0 });
    expect(await runsIn(store)).toEqual(whole);
    lose();
    expect(await restore('--at', moment)).toMatchObject({ code: 0 });
    expect(await runsIn(store)).toEqual(before);
  });

  test('are whole ones on their day, and where nothing can be built on', async () => {
    const { path, store, out, backUp } = machine();
    await save(store, 0, 3);
    expect(await backUp(OTHER_DAY)).toMatchObject({ code: 0, stdout: FULL });
    // What somebody cut off stays in nobody's way.
    writeFileSync(join(out, 'runledger-20260101T000000000Z.ndjson.zst'), 'cut');
    const stderr = expect.stringContaining('was passed over');
    expect(await backUp(TODAY)).toMatchObject({ code: 0, stdout: FULL, stderr });
    // The same store in another file, as one is that was copied back: it begins a new epoch.
    copyFileSync(path, `${path}-copy`);
    renameSync(`${path}-copy`, path);
    expect(await backUp(OTHER_DAY)).toMatchObject({
      code: 0,
      stdout: FULL,
      stderr: expect.stringContaining('the whole is backed up instead'),
    });
  });
});

test('the units have every section with assignments alone, and call the recipe', () => {
  for (const name of ['service', 'timer']) {
    const text = readFileSync(join(RECIPES, `runledger-backup.${name}`), 'utf8');
    for (const line of text.split('\n').filter((one) => one !== '')) {
      expect(line).toMatch(/^\[(Unit|Service|Timer|Install)\]$|^[A-Z][A-Za-z]+=\S/);
    }
    if (name === 'service') expect(text).toContain('ExecStart=/etc/runledger/backup-store.sh\n');
  }
});
