import assert from 'node:assert/strict';
import type { QuarantineItem } from '../../repository/run-store.ts';
import { makeRun } from '../make-run.ts';
import { EDGE_TEXTS } from '../samples/text-samples.ts';
import type { Suite } from '../subject.ts';

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte);

/** The quarantine on the port: what could not be read, byte for byte. */
export function describeQuarantine({ test }: Suite): void {
  test('a fresh store has nothing aside', async ({ store }) => {
    assert.deepEqual(await store.quarantined(), []);
    assert.deepEqual(await store.quarantined('nowhere'), []);
  });

  test('items come back by origin and name, byte for byte', async ({ store }) => {
    const items: QuarantineItem[] = [
      item('b', 'one.json', EVERY_BYTE),
      item('a', 'two.json', new Uint8Array()),
      item('a', 'folder', null),
      item('a', 'large.json', new Uint8Array(3e6).fill(7)),
    ];
    await store.quarantine(items);
    const sorted = [items[2], items[3], items[1], items[0]];
    assert.deepEqual((await store.quarantined()).map(plain), sorted.map(plain));
    assert.deepEqual((await store.quarantined('b')).map(plain), [plain(items[0])]);
    assert.deepEqual(await store.quarantined('c'), []);
    const withoutBytes = await store.quarantined('a', { withBytes: false });
    const expected = [items[2], items[3], items[1]].map((item) => item && { ...item, bytes: null });
    assert.deepEqual(withoutBytes.map(plain), expected);
    const ofName = await store.quarantined('a', { name: 'two.json' });
    assert.deepEqual(ofName.map(plain), [plain(items[1])]);
    assert.deepEqual(await store.quarantined('a', { name: 'one.json' }), []);
  });

  test('an item replaces what was kept under its origin and name', async ({ store }) => {
    await store.quarantine([item('a', 'x', EVERY_BYTE), item('b', 'x', EVERY_BYTE)]);
    const again = { ...item('a', 'x', null), reason: 'still cannot be read' };
    await store.quarantine([again]);
    const items = (await store.quarantined()).map(plain);
    assert.deepEqual(items, [again, item('b', 'x', EVERY_BYTE)].map(plain));
  });

  test('what could be read in the meantime is forgotten', async ({ store }) => {
    const items = ['x', 'y', 'z'].flatMap((name) => [item('a', name, null), item('b', name, null)]);
    await store.quarantine(items);
    await store.releaseQuarantined('a', ['x', 'z', 'never there']);
    await store.releaseQuarantined('b', []);
    await store.releaseQuarantined('c', ['x']);
    const left = (await store.quarantined()).map(({ origin, name }) => origin + name);
    assert.deepEqual(left, ['ay', 'bx', 'by', 'bz']);
  });

  test('names may be any text', async ({ store }) => {
    const items = Object.values(EDGE_TEXTS).map((text) => item(text, text, null));
    await store.quarantine(items);
    assert.equal((await store.quarantined()).length, items.length);
    for (const text of Object.values(EDGE_TEXTS)) {
      assert.deepEqual((await store.quarantined(text)).map(plain), [plain(item(text, text, null))]);
      await store.releaseQuarantined(text, [text]);
    }
    assert.deepEqual(await store.quarantined(), []);
  });

  test('items are no runs, and a caller cannot change them from outside', async ({
    repository,
    store,
  }) => {
    const bytes = Uint8Array.from([1, 2, 3]);
    await store.quarantine([item('a', 'x', bytes)]);
    bytes.fill(9);
    const [kept] = await store.quarantined();
    assert.deepEqual([...(kept?.bytes ?? [])], [1, 2, 3]);
    kept?.bytes?.fill(9);
    assert.deepEqual([...((await store.quarantined())[0]?.bytes ?? [])], [1, 2, 3]);
    await repository.save(makeRun(1));
    assert.equal((await repository.statistics()).totalRuns, 1);
    assert.deepEqual(await store.quarantine([]), undefined);
  });
}

function item(origin: string, name: string, bytes: Uint8Array | null): QuarantineItem {
  return { origin, name, reason: `${name} is cut off: ${name}`, bytes };
}

/** With the bytes as text, so that a `Buffer` equals a `Uint8Array`. */
function plain(given: QuarantineItem | undefined) {
  return given && { ...given, bytes: given.bytes && Buffer.from(given.bytes).toString('hex') };
}
