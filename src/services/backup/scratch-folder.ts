import type { RunStore } from '../../repository/run-store.ts';

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
  } finally {
    await folder.remove();
  }
}
