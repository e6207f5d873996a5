import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { RunStorage } from '../../../src/compat/index.ts';
import { openRunRepository } from '../../../src/index.ts';
import type { RunRepository } from '../../../src/repository/run-repository.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A kind of store that the old class is tried over. */
interface TestStore {
  name: string;
  /** What is kept is there when the place is opened again, and for others who open it. */
  isDurable: boolean;
  /** The first argument of `RunStorage`, for a store that nobody used yet. */
  newPlace(): string;
}

/** Every store that the old class is tried over. */
export const STORES: readonly TestStore[] = [
  { name: 'memory', isDurable: false, newPlace: () => 'memory:' },
  { name: 'files', isDurable: true, newPlace: () => `file:${temporaryFolder()}` },
  {
    name: 'SQLite',
    isDurable: true,
    newPlace: () => `sqlite:${join(temporaryFolder(), 'runs.db')}`,
  },
];

/** A storage at that place, closed when the test ends. */
export function storageAt(place: string | RunRepository): RunStorage {
  const storage = new RunStorage(place);
  onTestFinished(() => storage.close());
  return storage;
}

/** A storage over a repository that the test can look into as well. */
export async function storageWithRepository(
  place: string,
): Promise<{ storage: RunStorage; repository: RunRepository }> {
  const repository = await openRunRepository(place);
  onTestFinished(() => repository.close());
  return { storage: storageAt(repository), repository };
}
