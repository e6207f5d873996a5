import { isRunledgerError, RunledgerError } from '../../repository/errors.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { isFull } from './place-failure.ts';

/** A folder for what is made and looked at in passing. */
export interface ScratchFolder {
  /** Absolute; empty at first. */
  path: string;
  /** Opens a database of it as a store, or makes one: whoever asks for it opens no stores itself. */
  openDatabase(path: string): Promise<RunStore>;
  /** Removes it with what lies in it. */
  remove(): Promise<void>;
}

/** Makes such a folder. */
export type NewScratchFolder = () => Promise<ScratchFolder>;

/** Lets work have one, and removes it whatever happens. */
export async function* inScratchFolder<T>(
  newScratch: NewScratchFolder,
  work: (folder: ScratchFolder) => AsyncIterable<T>,
): AsyncGenerator<T, void, void> {
  const folder = await newScratch();
  try {
    yield* work(folder);
  } catch (error) {
    throw fullScratch(folder.path, error);
  } finally {
    await folder.remove();
  }
}

/** A failure for lack of space, with the way out that there is for temporary files; others as they are. */
export function fullScratch(path: string, error: unknown): unknown {
  if (!isRunledgerError(error, 'FULL') && !isFull(error)) return error;
  return new RunledgerError('FULL', `There is no space left for temporary files in ${path}.`, {
    cause: error,
    hint: 'Free some space, or let TMPDIR name a folder on another disk.',
  });
}
