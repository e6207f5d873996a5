import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, unlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { openRunFolder } from '../../../src/stores/file/run-folder.ts';
import { asOrdinaryUser, id, oldJson, useRunFolder } from '../../support/run-folder-files.ts';

const files = useRunFolder();

/** The only entry that was set aside. */
async function theOneSetAside() {
  const items = await files.readSetAside();
  expect(items).toHaveLength(1);
  return items[0];
}

describe('what is no run is set aside with its bytes and a reason', () => {
  const whole = Buffer.from(oldJson(1));
  test.each<[string, string | Uint8Array, RegExp]>([
    ['cut off', whole.subarray(0, 100), /JSON is cut off/],
    [
      'cut off inside a character',
      whole.subarray(0, whole.indexOf(0xc3) + 1),
      /cut off inside a character, after \d+ bytes/,
    ],
    ['empty', '', /is empty/],
    ['NUL bytes', new Uint8Array(400), /400 NUL bytes/],
    ['an array', '["a","b"]', /is no run: it must be an object, not an array/],
    [
      'another object',
      '{"name":"x"}',
      /is no run: id is missing; repository is missing; status is missing/,
    ],
    ['trailing text', `${oldJson(1)}"a" }`, /has other text behind it/],
    ['trailing NUL bytes', `${oldJson(1)}\0\0`, /has other text behind it/],
    [
      'a text for a number',
      oldJson(1, { duration: '5400' }),
      /duration must be a whole number, not a string/,
    ],
    [
      'a time without a zone',
      oldJson(1, { startedAt: '2026-09-01T08:13:34' }),
      /startedAt must be a time/,
    ],
    ['an unknown status', oldJson(1, { status: 'DONE' }), /status must be one of/],
    [
      'a key that stands twice',
      oldJson(1).replace('"retryCount"', '"status"'),
      /cannot be kept as it is: status stands twice/,
    ],
    [
      'an unsafe integer',
      oldJson(1).replace('"retryCount": 0', '"retryCount": 0, "seed": 9007199254740993'),
      /cannot be kept as it is: seed is 9007199254740993/,
    ],
    [
      'invalid UTF-8',
      Buffer.concat([whole.subarray(0, 20), Buffer.from([0xff]), whole.subarray(20)]),
      /is not UTF-8/,
    ],
    ['UTF-16', Buffer.from(`\ufeff${oldJson(1)}`, 'utf16le'), /is UTF-16/],
    ['two byte order marks', `\ufeff\ufeff${oldJson(1)}`, /no valid JSON/],
    ['no JSON', 'Dear diary', /is no JSON/],
    [
      'too deep',
      oldJson(1, { deep: JSON.parse('['.repeat(300) + ']'.repeat(300)) }),
      /deep must not be nested deeper/,
    ],
  ])('%s', async (_, content, reason) => {
    files.put(`${id(1)}.json`, content);
    const item = await theOneSetAside();
    expect(item?.reason).toMatch(reason);
    expect(item?.reason).toMatch(/^[A-Z].*\.$/);
    expect(Buffer.from(item?.bytes ?? [])).toEqual(Buffer.from(content));
  });

  test.each([
    [`${id(1)}.json.tmp`, /left over from a write/],
    [`${id(1)}.json~`, /left over from a write/],
    ['README.md', /does not end in ".json"/],
    [id(1), /does not end in ".json"/],
  ])('a whole run in a file named %s', async (name, reason) => {
    files.put(name, oldJson(1));
    expect(await theOneSetAside()).toMatchObject({ name, reason: expect.stringMatching(reason) });
  });

  test('more than the quarantine keeps: the size instead of the bytes', async () => {
    files.put(`${id(1)}.json`, Buffer.alloc(17 * 1024 * 1024, 'x'));
    expect(await theOneSetAside()).toMatchObject({
      bytes: null,
      reason: expect.stringMatching(/18 MB/),
    });
  });

  test('more than a run can have: not even read', async () => {
    files.put(`${id(1)}.json`, '');
    execFileSync('truncate', ['--size', '300M', files.path(`${id(1)}.json`)]);
    expect(await theOneSetAside()).toMatchObject({
      bytes: null,
      reason: expect.stringMatching(/315 MB, more than a run/),
    });
  });
});

describe('what is no file is set aside without waiting for it', () => {
  const name = `${id(1)}.json`;
  test('a folder', async () => {
    mkdirSync(files.path(name));
    expect(await theOneSetAside()).toMatchObject({
      bytes: null,
      reason: expect.stringMatching(/a folder/),
    });
  });

  test('a link to itself, a link to nothing', async () => {
    symlinkSync(name, files.path(name));
    expect((await theOneSetAside())?.reason).toMatch(/back to itself/);
    unlinkSync(files.path(name));
    symlinkSync('nowhere', files.path(name));
    expect((await theOneSetAside())?.reason).toMatch(/leads to nothing/);
  });

  test('a pipe that nobody writes to', async (context) => {
    context.skip(
      process.platform === 'win32',
      'Windows has neither POSIX modes nor named pipes in folders',
    );
    execFileSync('mkfifo', [files.path(name)]);
    expect(await theOneSetAside()).toMatchObject({
      bytes: null,
      reason: expect.stringMatching(/a pipe/),
    });
  });

  test('a socket', async (context) => {
    context.skip(
      process.platform === 'win32',
      'Windows has neither POSIX modes nor named pipes in folders',
    );
    const server = createServer();
    await new Promise<void>((done) => server.listen(files.path(name), done));
    try {
      expect((await theOneSetAside())?.reason).toMatch(/a socket/);
    } finally {
      server.close();
    }
  });

  test('a file that may not be read', async (context) => {
    context.skip(
      process.platform === 'win32',
      'Windows has neither POSIX modes nor named pipes in folders',
    );
    files.put(name, oldJson(1));
    files.put(`${id(2)}.json`, oldJson(2));
    chmodSync(files.path(name), 0);
    chmodSync(files.path(), 0o755);
    await asOrdinaryUser(async () => {
      expect((await theOneSetAside())?.reason).toMatch(/permission/);
      expect(await files.read()).toHaveLength(2);
    });
  });

  test('a file that is gone when its turn comes', async () => {
    for (const n of [1, 2, 3]) files.put(`${id(n)}.json`, oldJson(n));
    const items = (await openRunFolder(files.path())).items()[Symbol.asyncIterator]();
    await items.next();
    unlinkSync(files.path(`${id(2)}.json`));
    const gone = { name: `${id(2)}.json`, bytes: null, reason: expect.stringMatching(/was gone/) };
    expect((await items.next()).value).toMatchObject({ kind: 'set-aside', item: gone });
    expect((await items.next()).value).toMatchObject({ kind: 'run', run: { id: id(3) } });
  });
});
