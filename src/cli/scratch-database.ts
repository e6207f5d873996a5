import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRunStore } from '../open-repository.ts';
import type { ScratchDatabase } from '../services/backup/formats/backup-format.ts';

/** A database in the system's folder for temporary files, which nobody else may read. */
export async function scratchDatabase(): Promise<ScratchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'runledger-'));
  const path = join(folder, 'runs.db');
  return {
    path,
    open: () => openRunStore({ type: 'sqlite', database: path }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
