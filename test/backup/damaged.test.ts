import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratchFolder as newScratch } from '../../src/cli/scratch-folder.ts';
import { makeRuns } from '../../src/conformance/make-run.ts';
import { put } from '../../src/conformance/operations.ts';
import { openRunRepository } from '../../src/open-repository.ts';
import { openBackup } from '../../src/services/backup/backup-file.ts';
import { salvageSource } from '../../src/services/backup/salvage-source.ts';
import { inScratchFolder } from '../../src/services/backup/scratch-folder.ts';
import { verifyBackup } from '../../src/services/backup/verify-backup.ts';
import { copyRuns } from '../../src/services/copy/copy-runs.ts';
import { openMemoryStore } from '../../src/stores/memory/memory-run-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { FORMATS, fileOf, heldBy, takeBackup } from './support/backups.ts';
import { smallBackup } from './support/small-backup.ts';

describe('what is no backup', () => {
  test.each(FORMATS)('%s: one that is cut off, anywhere', async (format) => {
    const folder = temporaryFolder();
    const { path } = await smallBackup(folder, format);
    const whole = readFileSync(path);
    for (const share of [0.999, 0.9, 0.5, 0.1, 0.001]) {
      const bytes = whole.subarray(0, Math.floor(whole.length * share));
      const cut = fileOf(folder, `cut-${share}`, bytes);
      await expect(openBackup(cut), `${share}`).rejects.toMatchObject({ code: 'CORRUPT' });
    }
    const longer = fileOf(folder, 'longer', Buffer.concat([whole, Buffer.from('\n')]));
    await expect(openBackup(longer)).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  test('says what it is instead', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'folder.json'));
    const { path } = await smallBackup(folder, 'json');
    const cases: [string, { code: string; message?: unknown }][] = [
      [join(folder, 'absent.json'), { code: 'MISSING' }],
      [join(folder, 'folder.json'), { code: 'INVALID', message: /is a folder/ }],
      [fileOf(folder, 'empty.json', ''), { code: 'CORRUPT', message: /is empty/ }],
      [fileOf(folder, 'letter.txt', 'Dear Ada,\n'), { code: 'CORRUPT', message: /does not begin/ }],
      [fileOf(folder, 'run.json', '{"id":1}'), { code: 'CORRUPT', message: /does not begin/ }],
      [
        fileOf(folder, 'other.ndjson.zst', readFileSync(path)),
        { code: 'CORRUPT', message: /name says ndjson, and it begins like json/ },
      ],
    ];
    for (const [name, { code, message = /./ }] of cases) {
      await expect(openBackup(name), name).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message as RegExp),
      });
    }
  });

  test.each(FORMATS)('%s: one of a later version asks for a newer program', async (format) => {
    await expect(openBackup(await ofVersion(2, format))).rejects.toMatchObject({
      code: 'SCHEMA_NEWER',
    });
  });

  test.each(FORMATS)('%s: one of a version that never was is damaged', async (format) => {
    await expect(openBackup(await ofVersion(0, format))).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining('no version 0'),
    });
  });
});

/** The path of a backup that says that it has this version. */
async function ofVersion(version: number, format: (typeof FORMATS)[number]): Promise<string> {
  const folder = temporaryFolder();
  const { path } = await smallBackup(folder, format);
  const bytes = readFileSync(path);
  const [from, to] =
    format === 'json'
      ? ['{"version":1,\n', `{"version":${version},\n`]
      : ['runledger-backup-1\n', `runledger-backup-${version}\n`];
  bytes.write(to, bytes.lastIndexOf(from), 'latin1');
  return fileOf(folder, 'other', bytes);
}

/** Changes a byte of a text that stands in the file as it is. */
function damageAt(bytes: Buffer, text: string): void {
  const at = bytes.indexOf(text);
  expect(at).toBeGreaterThan(0);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
}

test('a store that is no backup is told from one that is cut off', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'runs.db');
  const repository = await openRunRepository(`sqlite:${path}`);
  await repository.saveMany(makeRuns(2));
  await expect(openBackup(path)).rejects.toMatchObject({
    code: 'CORRUPT',
    message: expect.stringContaining('SQLite database and no backup'),
    hint: expect.stringContaining('verify sqlite:'),
  });
  await repository.close();
  await expect(openBackup(path)).rejects.toMatchObject({
    message: expect.stringContaining('store'),
  });
});

test('a full folder for temporary files says how to name another one', async () => {
  const read = inScratchFolder(newScratch, async function* () {
    yield 1;
    throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  });
  await expect(Array.fromAsync(read)).rejects.toMatchObject({
    code: 'FULL',
    hint: expect.stringContaining('TMPDIR'),
  });
});

describe('what is whole of a damaged one is salvaged', () => {
  /** Restores what can be, and tells what could not. */
  async function salvaged(path: string) {
    const store = openMemoryStore();
    const { setAside } = await copyRuns(await salvageSource(path, { newScratch }), store);
    return { held: await heldBy(store), reasons: setAside.map(({ reason }) => reason).join(' ') };
  }

  /** Enough text that cannot be compressed for several frames. */
  async function largeBackup(format: (typeof FORMATS)[number]) {
    const store = openMemoryStore();
    let seed = 1;
    const noise = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed.toString(36);
    };
    for (const run of makeRuns(40)) {
      const diff = Array.from({ length: 10_000 }, noise).join('');
      await store.write([put({ ...run, input: { ...run.input, diff } })], { atomic: true });
    }
    const backup = await takeBackup(store, temporaryFolder(), { format });
    return { backup, held: await heldBy(store), bytes: readFileSync(backup.path) };
  }

  test('ndjson: the frames around the one that is damaged', async () => {
    const { backup, held, bytes } = await largeBackup('ndjson');
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    const path = fileOf(temporaryFolder(), backup.name, bytes);
    const found = await salvaged(path);
    expect(found.held.size).toBeGreaterThan(20);
    expect(found.held.size).toBeLessThan(held.size);
    for (const [id, state] of found.held) expect(held.get(id)).toBe(state);
    expect(found.reasons).toMatch(/The bytes \d+ to \d+ of it are damaged/);
    expect(found.reasons).toContain(`${held.size - found.held.size} of 40 runs are lost`);
    const { problems } = await verifyBackup(path, { newScratch });
    expect(problems.map(({ reason }) => reason).join()).toMatch(/not those that were written/);
  });

  test('json: every line but the one that is damaged', async () => {
    const { backup, held, bytes } = await largeBackup('json');
    const [first = '', second = ''] = [...held.keys()];
    damageAt(bytes, `"id":"${first}"`);
    damageAt(bytes, `${second}","repository`);
    const found = await salvaged(fileOf(temporaryFolder(), backup.name, bytes));
    expect([...held.keys()].filter((id) => !found.held.has(id))).toEqual([first, second]);
    expect(found.reasons).toContain('2 of 40 runs are lost');
  });

  test('sqlite: every run that can be read and is what was written', async () => {
    const { backup, held, bytes } = await largeBackup('sqlite');
    // In the middle of a large text, where only the digest tells.
    bytes.fill(0x41, bytes.length >> 1, (bytes.length >> 1) + 20);
    const found = await salvaged(fileOf(temporaryFolder(), backup.name, bytes));
    expect(found.held.size).toBe(39);
    expect(found.reasons).toMatch(/it has another digest/);
    // And where pages are gone, with the tables that lead to others.
    bytes.fill(0, 40 * 4096, 60 * 4096);
    const rest = await salvaged(fileOf(temporaryFolder(), backup.name, bytes));
    for (const [id, state] of rest.held) expect(held.get(id)).toBe(state);
    expect(rest.reasons).toMatch(/of 40 runs are lost/);
  });

  test.each(FORMATS)('%s: one whose end is gone', async (format) => {
    const { backup, held, bytes } = await largeBackup(format);
    const cut = bytes.subarray(0, bytes.length - 200);
    const path = fileOf(temporaryFolder(), backup.name, cut);
    const found = await salvaged(path);
    expect(found.reasons).toMatch(/Its end is damaged or cut off/);
    expect(found.held).toEqual(held);
    await expect(verifyBackup(path, { newScratch })).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  test('one whose beginning is damaged, by what its name says', async () => {
    const { backup, bytes } = await largeBackup('ndjson');
    bytes[0] = 0;
    const found = await salvaged(fileOf(temporaryFolder(), backup.name, bytes));
    expect(found.held.size).toBeGreaterThan(20);
  });
});
