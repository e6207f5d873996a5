import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Watches folders, one system watch for each. The system has few of them: where they run out, `isLive` is
 * false from then on, and whoever wants to know looks for himself.
 */
export class FolderWatches {
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #onChange: (path: string) => void;
  #isLive = true;

  /** `onChange` is told of each path that changed, came or went; of a folder itself where it is not known what. */
  constructor(onChange: (path: string) => void) {
    this.#onChange = onChange;
  }

  /** False while changes may go untold. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** Watches a folder and all below it; one that is not there is left out. */
  async add(folder: string): Promise<void> {
    if (!this.#watch(folder)) return;
    for (const name of await foldersIn(folder)) await this.add(join(folder, name));
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  /** Whether it is watched. One that is gone is not, and one that came again is anew. */
  #watch(folder: string): boolean {
    if (this.#watchers.has(folder)) return true;
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => {
        this.#onChange(name === null ? folder : join(folder, name));
      });
      watcher.on('error', () => this.#forget(folder));
      // Its folder is gone, and with it what it would tell.
      watcher.on('close', () => this.#watchers.delete(folder));
      this.#watchers.set(folder, watcher);
      return true;
    } catch (error) {
      if (!isGone(error)) this.#isLive = false;
      return false;
    }
  }

  /** What it would have told from now on is not known. */
  #forget(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
    this.#onChange(folder);
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}
