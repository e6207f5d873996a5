import { describe, expect, test } from 'vitest';
import { formerStates } from '../../../src/conformance/former-states.ts';
import { idOf, makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { type FileCalls, SYSTEM_CALLS } from '../../../src/stores/file/file-calls.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import { fail, noting, whileWriting } from './support/calls.ts';
import { fileOf, namesIn, openFolder, writeJson } from './support/file-store.ts';

describe('the files of a store', () => {
  test('are safe from a power cut when a change is acknowledged: content first, then the name', async () => {
    const done: string[] = [];
    const { repository } = await openFolder({ path: folderInMemory(), calls: noting(done) });
    await repository.save(makeRun(1));
    expect(done).toEqual(['flush', 'rename', 'sync']);
    await repository.delete(idOf(1));
    expect(done.slice(3)).toEqual(['unlink', 'sync']);
  });

  test('are not left over where they cannot be written', async () => {
    const folder = folderInMemory();
    const calls: FileCalls = {
      ...SYSTEM_CALLS,
      create: (path, replaced) => ({ ...SYSTEM_CALLS.create(path, replaced), write: () => fail() }),
    };
    const { repository } = await openFolder({ path: folder, calls });
    await expect(repository.save(makeRun(1))).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect(namesIn(folder)).toEqual([]);
  });

  test('are closed', async () => {
    let open = 0;
    const calls: FileCalls = {
      ...SYSTEM_CALLS,
      create(path, replaced) {
        const file = SYSTEM_CALLS.create(path, replaced);
        open += 1;
        return {
          ...file,
          close() {
            open -= 1;
            file.close();
          },
        };
      },
    };
    const { repository } = await openFolder({ path: folderInMemory(), calls });
    await repository.saveMany(makeRuns(3));
    expect(open).toBe(0);
  });

  test('are written over an edit of that moment where no version is named, and the ledger has it', async () => {
    const folder = folderInMemory();
    const { repository, store } = await openFolder({
      path: folder,
      calls: whileWriting(() => writeJson(folder, fileOf(1), makeRun(1, { branch: 'edited' }))),
    });
    await repository.save(makeRun(1));
    expect(await repository.save(makeRun(1, { branch: 'b' }))).toMatchObject({ version: 3 });
    const states = await formerStates(store, idOf(1));
    expect(states.map((state) => state?.branch)).toEqual([undefined, undefined, 'edited', 'b']);
  });
});
