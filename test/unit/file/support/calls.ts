import { expect } from 'vitest';
import { idOf, makeRun, makeRuns } from '../../../../src/conformance/make-run.ts';
import { type FileCalls, SYSTEM_CALLS } from '../../../../src/stores/file/file-calls.ts';
import { fileOf, openFolder } from './file-store.ts';

/** What a call of the system throws that fails. */
export function fail(code = 'EIO'): never {
  throw Object.assign(new Error(`${code}: injected`), { code, syscall: 'rename' });
}

/** Calls of which those that give a file its place fail, as if the process had ended before them. */
export const WITHOUT_PLACES: FileCalls = {
  ...SYSTEM_CALLS,
  rename: () => fail(),
  unlink: () => fail(),
};

/** The name of a file that `REFUSING` leaves as it is. */
export const REFUSED = fileOf(1);

/** The calls of a system that lets nobody replace one file. */
export const REFUSING: FileCalls = {
  ...SYSTEM_CALLS,
  rename(from, to) {
    if (to.endsWith(REFUSED)) fail('EPERM');
    SYSTEM_CALLS.rename(from, to);
  },
};

/** The calls of the system; something else happens when the second file was written, once. */
export function whileWriting(happens: () => void): FileCalls {
  let written = 0;
  return {
    ...SYSTEM_CALLS,
    create(path, replaced) {
      const file = SYSTEM_CALLS.create(path, replaced);
      return {
        ...file,
        async sync() {
          await file.sync();
          written += 1;
          if (written === 2) happens();
        },
      };
    },
  };
}

/** The calls of the system; what each did is noted when it is done. */
export function noting(done: string[]): FileCalls {
  const noted = <T extends unknown[]>(name: string, call: (...given: T) => unknown) => {
    return async (...given: T) => {
      await call(...given);
      done.push(name);
    };
  };
  return {
    create(path, replaced) {
      const file = SYSTEM_CALLS.create(path, replaced);
      return { ...file, sync: noted('flush', file.sync) };
    },
    rename(from, to) {
      SYSTEM_CALLS.rename(from, to);
      done.push('rename');
    },
    unlink(path) {
      SYSTEM_CALLS.unlink(path);
      done.push('unlink');
    },
    syncFolder: noted('sync', SYSTEM_CALLS.syncFolder),
  };
}

/** Leaves a change of three runs in a folder that was decided, and none of whose files is in its place. */
export async function decidedAlone(folder: string): Promise<void> {
  const first = await openFolder({ path: folder });
  await first.repository.saveMany(makeRuns(2));
  await first.repository.close();
  const { repository } = await openFolder({ path: folder, calls: WITHOUT_PLACES });
  const call = repository.transaction(async (inside) => {
    await inside.save(makeRun(0, { tags: ['changed'] }));
    await inside.delete(idOf(1));
    await inside.save(makeRun(2));
  });
  await expect(call).rejects.toMatchObject({ message: expect.stringContaining('is decided') });
  await repository.close();
}
