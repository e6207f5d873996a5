import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRunStore } from '../open-repository.ts';
import type { ScratchFolder } from '../services/backup/scratch-folder.ts';

/** A folder among the system's temporary files, which nobody else may read. */
export async function scratchFolder(): Promise<ScratchFolder> {
  const path = await mkdtemp(join(tmpdir(), 'runledger-'));
  return {
    path,
    openDatabase: (database) => openRunStore({ type: 'sqlite', database }),
    remove: () => rm(path, { recursive: true, force: true }),
  };
}
