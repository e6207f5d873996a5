import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ImportedFile, ImportedFileKey, SourcePiece } from '../../repository/imported-file.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { EDGE_TEXTS } from '../samples/text-samples.ts';
import type { Suite } from '../subject.ts';

/** What a store keeps of files that runs were imported from. */
export function describeImportedFiles({ test }: Suite): void {
  test('a fresh store knows none', async ({ store }) => {
    assert.deepEqual(await store.importedFiles({ limit: 10 }), []);
    assert.deepEqual(await store.importedFiles({ agent: 'codex', limit: 10 }), []);
    assert.equal(await store.sourcePiece(fileOf('/a'), 0), null);
  });

  test('a file comes back as it was given', async ({ store }) => {
    const file = fileOf('/a', { links: bytes(1_000, 3), runs: bytes(480, 7) });
    await store.keepImportedFiles([{ file }]);
    assert.deepEqual(await all(store), [plain(file)]);
  });

  test('what is known of it now takes the place of what was', async ({ store }) => {
    await store.keepImportedFiles([{ file: fileOf('/a', { links: bytes(8, 1) }) }]);
    const later = fileOf('/a', { state: { size: 2, list: [[1, 'x']] }, runs: bytes(48, 1) });
    await store.keepImportedFiles([{ file: later }]);
    assert.deepEqual(await all(store), [plain(later)]);
  });

  test('agents, paths and generations each make another file', async ({ store }) => {
    const files = [
      fileOf('/a'),
      fileOf('/b'),
      fileOf('/a', { generation: 1 }),
      fileOf('/a', { agent: 'codex' }),
    ];
    await store.keepImportedFiles(files.map((file) => ({ file })));
    assert.equal((await all(store)).length, 4);
    const [only, ...others] = await store.importedFiles({ agent: 'codex', limit: 10 });
    assert.deepEqual([only && plain(only), others], [plain(fileOf('/a', { agent: 'codex' })), []]);
  });

  test('pages hold each file once', async ({ store }) => {
    const paths = Array.from({ length: 23 }, (_, at) => `/files/${at}.jsonl`);
    await store.keepImportedFiles(paths.map((path) => ({ file: fileOf(path) })));
    const found: string[] = [];
    let after: ImportedFileKey | null = null;
    for (;;) {
      const page: ImportedFile[] = await store.importedFiles({
        agent: 'claude-code',
        after,
        limit: 5,
      });
      found.push(...page.map(({ path }) => path));
      after = page.at(-1) ?? null;
      if (page.length < 5) break;
    }
    assert.deepEqual(found.sort(), paths.sort());
  });

  test('pieces come back byte for byte, also large ones', async ({ store }) => {
    const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const pieces = [pieceOf(everyByte), pieceOf(Buffer.alloc(0)), pieceOf(bytes(3e6, 9))];
    await store.keepImportedFiles([{ file: fileOf('/a'), pieces: { from: 0, pieces } }]);
    assert.deepEqual(await piecesOf(store, '/a'), pieces.map(plainPiece));
    assert.equal(await store.sourcePiece(fileOf('/b'), 0), null);
  });

  test('pieces from an ordinal on are replaced, those before stay', async ({ store }) => {
    const [one, two, three, four] = ['one', 'two', 'three', 'four'].map((text) =>
      pieceOf(Buffer.from(text)),
    ) as [SourcePiece, SourcePiece, SourcePiece, SourcePiece];
    const keep = (from: number, pieces: SourcePiece[]) =>
      store.keepImportedFiles([{ file: fileOf('/a'), pieces: { from, pieces } }]);
    await keep(0, [one, two, three]);
    await keep(1, [four]);
    assert.deepEqual(await piecesOf(store, '/a'), [one, four].map(plainPiece));
    await store.keepImportedFiles([{ file: fileOf('/a', { runs: bytes(48, 2) }) }]);
    assert.deepEqual(await piecesOf(store, '/a'), [one, four].map(plainPiece));
    await keep(0, []);
    assert.deepEqual(await piecesOf(store, '/a'), []);
  });

  test('what was kept since a time is told', async ({ store }) => {
    await store.keepImportedFiles([{ file: fileOf('/old') }, { file: fileOf('/grown') }]);
    await sleep(2);
    const keptSince = new Date().toISOString();
    await sleep(2);
    await store.keepImportedFiles([{ file: fileOf('/grown') }, { file: fileOf('/new') }]);
    const found = await store.importedFiles({ limit: 10, keptSince });
    assert.deepEqual(found.map(({ path }) => path).sort(), ['/grown', '/new']);
  });

  test('paths may be any text, also a long one', async ({ store }) => {
    const paths = [...Object.values(EDGE_TEXTS), '/long'.repeat(2_000)];
    await store.keepImportedFiles(paths.map((path) => ({ file: fileOf(path) })));
    const found = (await all(store)).map(({ path }) => path);
    assert.deepEqual(found.sort(), [...new Set(paths)].sort());
    for (const path of paths) {
      await store.keepImportedFiles([{ file: fileOf(path, { state: { again: path } }) }]);
    }
    assert.ok((await all(store)).every(({ path, state }) => state.again === path));
  });

  test('the store keeps a copy of its own', async ({ store }) => {
    const file = fileOf('/a', { links: bytes(8, 1) });
    await store.keepImportedFiles([{ file }]);
    file.links.fill(0);
    const [found] = await store.importedFiles({ limit: 1 });
    assert.deepEqual(found && plain(found), plain(fileOf('/a', { links: bytes(8, 1) })));
  });
}

function fileOf(path: string, fields: Partial<ImportedFile> = {}): ImportedFile {
  const none = { links: new Uint8Array(), runs: new Uint8Array() };
  return { agent: 'claude-code', path, generation: 0, state: { size: 1 }, ...none, ...fields };
}

function pieceOf(content: Uint8Array): SourcePiece {
  const hash = createHash('sha256').update(content).digest('hex');
  return { size: content.length + 1, hash, packed: content };
}

function bytes(length: number, factor: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * factor) % 251);
}

/** Stores may give any kind of byte array. */
function plain({ agent, path, generation, state, ...file }: ImportedFile) {
  return { agent, path, generation, state, links: [...file.links], runs: [...file.runs] };
}

function plainPiece({ size, hash, packed }: SourcePiece) {
  return { size, hash, packed: Buffer.from(packed).toString('base64') };
}

async function all(store: RunStore) {
  return (await store.importedFiles({ limit: 1_000 })).map(plain);
}

async function piecesOf(store: RunStore, path: string) {
  const found = [];
  for (let ordinal = 0; ; ordinal += 1) {
    const piece = await store.sourcePiece(fileOf(path), ordinal);
    if (piece === null) return found;
    found.push(plainPiece(piece));
  }
}
