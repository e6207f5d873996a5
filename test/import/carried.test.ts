import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { scratchFolder } from '../../src/cli/scratch-folder.ts';
import { openRunSource, openRunStore } from '../../src/open-repository.ts';
import type { ImportedFile, SourcePiece } from '../../src/repository/imported-file.ts';
import type { RunStore } from '../../src/repository/run-store.ts';
import { storeSource } from '../../src/repository/store-source.ts';
import { salvageSource } from '../../src/services/backup/salvage-source.ts';
import { compareStores } from '../../src/services/compare/compare-stores.ts';
import { copyRuns } from '../../src/services/copy/copy-runs.ts';
import { packDigests } from '../../src/services/copy/packed-digests.ts';
import { openMemoryStore } from '../../src/stores/memory/memory-run-store.ts';
import { FORMATS, restoreInto, takeBackup } from '../backup/support/backups.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { KINDS, type Kind, openFresh } from '../through/support/kinds.ts';

function file(path: string, size: number, fields: Partial<ImportedFile> = {}): ImportedFile {
  const links = Uint8Array.from({ length: 16 }, (_, at) => at * size);
  const state = { size, modifiedAt: size };
  const none = { agent: 'claude-code', generation: 0, runs: giving(path.length) };
  return { ...none, path, state, links, ...fields };
}

/** A run that a file gave. */
function giving(number: number): Uint8Array {
  return packDigests([[`00000000-0000-8000-8000-${String(number).padStart(12, '0')}`, null]]);
}

function piece(text: string): SourcePiece {
  const hash = createHash('sha256').update(text).digest('hex');
  return { size: text.length, hash, packed: zstdCompressSync(text) };
}

/** Larger than what is copied at once. */
const LARGE = Array.from({ length: 3 }, () => piece(randomBytes(1_500_000).toString('hex')));

async function keep(store: RunStore, one: ImportedFile, pieces: SourcePiece[]): Promise<void> {
  await store.keepImportedFiles([{ file: one, pieces: { from: 0, pieces } }]);
}

async function withFiles(): Promise<RunStore> {
  const store = openMemoryStore();
  await keep(store, file('/small', 1), [piece('one'), piece('two')]);
  await keep(store, file('/large', 2), LARGE);
  await keep(store, file('/none', 3), []);
  return store;
}

describe('imported files are copied', () => {
  test.for((Object.values(KINDS) as Kind[]).filter(({ missing }) => missing == null))(
    'into $name, whole, and once',
    async (kind) => {
      const source = await withFiles();
      const target = await openFresh(kind);
      expect(await copyRuns(await storeSource(source), target)).toMatchObject({ files: 3 });
      const { files, differences } = await compareStores(source, target);
      expect([files, differences]).toEqual([[], []]);
      expect(await copyRuns(await storeSource(source), target)).toMatchObject({ files: 0 });
      await target.close();
    },
  );

  test('a later state takes the place of an earlier one, and not the other way round', async () => {
    const source = await withFiles();
    const target = await withFiles();
    await keep(source, file('/small', 5), [piece('one'), piece('and more')]);
    await keep(target, file('/large', 6), [...LARGE, piece('more')]);
    expect(await copyRuns(await storeSource(source), target)).toMatchObject({ files: 1 });
    expect((await compareStores(source, target)).files).toEqual([
      { agent: 'claude-code', path: '/large', generation: 0, what: 'differs' },
    ]);
  });

  test('from a folder of run files whose index was taken away', async () => {
    const path = temporaryFolder();
    const store = await openRunStore(`file:${path}`);
    await copyRuns(await storeSource(await withFiles()), store);
    await store.close();
    rmSync(join(path, '.runledger/index.db'));
    const source = await openRunSource(`file:${path}`);
    expect(await copyRuns(source, openMemoryStore())).toMatchObject({ files: 3 });
    await source.close();
  });

  test('a document that became shorter is brought up to date', async () => {
    const [source, target] = [await withFiles(), await withFiles()];
    const state = (time: number, ...sizes: number[]) => ({
      state: { modifiedAt: time, pieces: sizes.map((size) => [size, 'hash']) },
    });
    await keep(target, file('/doc.json', 1, state(1, 500)), [piece('long')]);
    await keep(source, file('/doc.json', 1, state(2, 400)), [piece('short')]);
    expect(await copyRuns(await storeSource(source), target)).toMatchObject({ files: 1 });
    expect((await compareStores(source, target)).files).toEqual([]);
  });

  test.for([
    [undefined, ['/small'], 'theirs'],
    ['source', [], 'ours'],
    ['target', [], 'theirs'],
  ] as const)('another file at the path is told and left, unless %s wins', async (given) => {
    const [onConflict, fileDifferences, stays] = given;
    const [source, target] = [openMemoryStore(), openMemoryStore()];
    await keep(source, file('/small', 2, { runs: giving(1) }), [piece('ours')]);
    await keep(target, file('/small', 1, { runs: giving(2) }), [piece('theirs')]);
    const options = onConflict ? { onConflict } : {};
    const report = await copyRuns(await storeSource(source), target, options);
    expect(report).toMatchObject({ fileDifferences });
    expect((await target.sourcePiece(file('/small', 1), 0))?.hash).toBe(piece(stays).hash);
  });

  test('what arrives otherwise is told', async () => {
    const source = await withFiles();
    const target = openMemoryStore();
    const broken: RunStore = {
      ...target,
      async sourcePiece(...given) {
        const kept = await target.sourcePiece(...given);
        return kept && { ...kept, packed: Buffer.from('other') };
      },
    };
    const { differences, fileDifferences } = await copyRuns(await storeSource(source), broken);
    expect([differences, fileDifferences]).toEqual([[], ['/large', '/small']]);
    // Nothing vouches for them, so the next copy brings them.
    const again = await copyRuns(await storeSource(source), target);
    expect(again).toMatchObject({ files: 2, fileDifferences: [] });
    expect((await compareStores(source, target)).files).toEqual([]);
  });

  test('what is damaged at its source is told by each copy, and by a comparison', async () => {
    const [source, target] = [await withFiles(), openMemoryStore()];
    const { packed } = piece('other');
    await keep(source, file('/small', 1), [{ ...piece('one'), packed }]);
    for (const files of [2, 0]) {
      const report = await copyRuns(await storeSource(source), target);
      expect(report).toMatchObject({ files, fileDifferences: ['/small'] });
    }
    const same = await withFiles();
    await keep(same, file('/small', 1), [{ ...piece('one'), packed }]);
    expect((await compareStores(source, same)).files).toMatchObject([{ path: '/small' }]);
  });
});

describe('two stores differ', () => {
  test('where one lacks a file, or has other bytes of it', async () => {
    const [a, b] = [await withFiles(), await withFiles()];
    await keep(a, file('/only', 9), []);
    await keep(b, file('/small', 1), [piece('one'), piece('owt')]);
    const { files } = await compareStores(a, b);
    expect(files.map(({ path, what }) => [path, what]).sort()).toEqual([
      ['/only', 'only in the first'],
      ['/small', 'differs'],
    ]);
  });
});

describe('backups carry imported files', () => {
  test.for(FORMATS)('as %s, and increments what is new of them', async (format) => {
    const folder = temporaryFolder();
    const store = await withFiles();
    const full = await takeBackup(store, folder, { format });
    expect(full.manifest.counts.files).toBe(3);
    const first = openMemoryStore();
    await restoreInto(first, full.path);
    expect((await compareStores(store, first)).files).toEqual([]);
    await keep(store, file('/small', 7), [piece('one'), piece('two, and more')]);
    await keep(store, file('/new', 8), [piece('new')]);
    const increment = await takeBackup(store, folder, { format, since: full });
    const then = openMemoryStore();
    await restoreInto(then, increment.path);
    expect((await compareStores(store, then)).files).toEqual([]);
  });

  test('one is told of where its bytes are not what was written', async () => {
    const { path } = await takeBackup(await withFiles(), temporaryFolder(), { format: 'json' });
    const text = readFileSync(path, 'utf8');
    const base64 = (word: string) => Buffer.from(piece(word).packed).toString('base64');
    expect(text).toContain(base64('two'));
    writeFileSync(path, text.replace(base64('two'), base64('owt')));
    const salvaged = openMemoryStore();
    const source = await salvageSource(path, { newScratch: scratchFolder });
    const { setAside } = await copyRuns(source, salvaged);
    expect(setAside).toContainEqual({
      source: '/small',
      reason: expect.stringContaining('/small'),
    });
    const kept = await salvaged.importedFiles({ limit: 9 });
    expect(kept.map((each) => each.path).sort()).toEqual(['/large', '/none']);
  });

  test('a store that knows more of a file keeps that', async () => {
    const { path } = await takeBackup(await withFiles(), temporaryFolder());
    const store = await withFiles();
    await keep(store, file('/small', 9), [piece('one'), piece('two'), piece('three')]);
    await restoreInto(store, path);
    expect((await store.sourcePiece(file('/small', 9), 2))?.size).toBe(5);
    expect(await restoreInto(store, path)).toMatchObject({ files: 0 });
  });

  test('an increment leaves out what was kept long before', async () => {
    const folder = temporaryFolder();
    let now = Date.parse('2026-05-01T00:00:00Z');
    const store = openMemoryStore({ now: () => now });
    await keep(store, file('/old', 1), [piece('old')]);
    now += 3_600_000;
    await keep(store, file('/recent', 1), [piece('recent')]);
    const full = await takeBackup(store, folder, { now: () => now });
    now += 3_600_000;
    await keep(store, file('/new', 2), [piece('new')]);
    const increment = await takeBackup(store, folder, { since: full, now: () => now });
    // What was kept last may have been kept with others that were not to be seen then.
    expect(increment.manifest.counts.files).toBe(2);
    const then = openMemoryStore();
    await restoreInto(then, increment.path);
    expect((await compareStores(store, then)).files).toEqual([]);
  });
});
