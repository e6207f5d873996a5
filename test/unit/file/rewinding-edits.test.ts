import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { withoutStamps } from '../../../src/conformance/assertions.ts';
import { idOf, makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { encodePosition } from '../../../src/repository/position.ts';
import { rewind } from '../../../src/services/recovery/rewind.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import {
  edit,
  fileOf,
  namesIn,
  openFolder,
  readJson,
  settle,
  writeJson,
} from './support/file-store.ts';

/** What somebody does to the files of a folder while no program has it open. */
const EDITS: Readonly<Record<string, (folder: string) => void>> = {
  'edited in place': (folder) => edit(folder, 0, { branch: 'by hand' }),
  deleted: (folder) => rmSync(join(folder, fileOf(0))),
  added: (folder) => writeJson(folder, fileOf(7), makeRun(7)),
};

/** A folder with three runs, one of them changed, and the place in its ledger and its time then. */
async function closedFolder() {
  const folder = folderInMemory();
  const { repository, store } = await openFolder({ path: folder });
  await repository.saveMany(makeRuns(3));
  await repository.save(makeRun(0, { tags: ['ours'] }));
  const change = encodePosition(await store.position());
  const time = (await store.changes(null, 10)).at(-1)?.at ?? '';
  await repository.close();
  await settle();
  return { folder, change, time };
}

/** What the files say, but for when they were written: a run that comes back is written again. */
function contentsOf(folder: string) {
  return namesIn(folder).map((name) => [name, withoutStamps(readJson(folder, name))]);
}

describe('a file that was changed while no program looked', () => {
  for (const [what, change] of Object.entries(EDITS)) {
    test(`${what}: the ledger has it once the folder is open, and goes back over it`, async () => {
      const { folder, ...moments } = await closedFolder();
      const before = contentsOf(folder);
      change(folder);
      expect(contentsOf(folder)).not.toEqual(before);
      const { store } = await openFolder({ path: folder });
      await rewind(store, { change: moments.change });
      expect(contentsOf(folder)).toEqual(before);
      await rewind(store, { time: moments.time });
      expect(contentsOf(folder)).toEqual(before);
    });

    test(`${what}: without the index nobody knows what was before, and that is refused`, async () => {
      const { folder, ...moments } = await closedFolder();
      change(folder);
      rmSync(join(folder, '.runledger'), { recursive: true });
      const { store } = await openFolder({ path: folder });
      const found = contentsOf(folder);
      for (const moment of [{ change: moments.change }, { time: moments.time }]) {
        await expect(rewind(store, moment)).rejects.toMatchObject({
          code: 'POSITION_UNKNOWN',
          hint: expect.any(String),
        });
      }
      expect(contentsOf(folder)).toEqual(found);
    });
  }

  test('and is no run any more: the run is answered as it was last, and no change of it', async () => {
    const { folder, change } = await closedFolder();
    const path = join(folder, fileOf(0));
    writeFileSync(path, '{ "id": ');
    const { store, repository } = await openFolder({ path: folder });
    expect((await rewind(store, { change })).changes).toBe(0);
    expect(await repository.findById(idOf(0))).toMatchObject({ tags: ['ours'] });
    expect(readFileSync(path, 'utf8')).toBe('{ "id": ');
  });

  test('and of which the index had another image: going back over it is refused', async () => {
    const { folder, ...moments } = await closedFolder();
    edit(folder, 0, { branch: 'by hand' });
    {
      // As in an index that was copied while it was written to.
      using index = new DatabaseSync(join(folder, '.runledger', 'index.db'));
      index.exec(`UPDATE agent_inputs SET prompt = 'another' WHERE run_id = '${idOf(0)}'`);
    }
    const { store } = await openFolder({ path: folder });
    const change = encodePosition(await store.position());
    const found = contentsOf(folder);
    for (const moment of [{ change: moments.change }, { time: moments.time }]) {
      for (const isDryRun of [true, false]) {
        await expect(rewind(store, moment, { isDryRun })).rejects.toMatchObject({
          code: 'CORRUPT',
          message: expect.stringMatching(/cannot be told: it was changed past the ledger\.$/),
          hint: expect.stringContaining('Nothing was changed.'),
        });
      }
    }
    expect(contentsOf(folder)).toEqual(found);
    // To a later moment it goes.
    await store.write([{ kind: 'delete', id: idOf(0), expect: {} }], { atomic: true });
    await rewind(store, { change });
    expect(contentsOf(folder)).toEqual(found);
  });
});
