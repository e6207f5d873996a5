import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunStore } from '../../repository/run-store.ts';
import { openSqliteStore } from '../sqlite/open-sqlite-store.ts';
import { SOURCES_FILE } from './folder-names.ts';
import type { OwnFolder } from './own-folder.ts';

type Calls = Pick<RunStore, 'keepImportedFiles' | 'importedFiles' | 'sourcePiece' | 'flush'>;

/**
 * What a folder keeps of files that runs were imported from: a database of its own beside the index, made when
 * it is needed first, because an index is thrown away when it is damaged.
 */
export class SourcesStore implements Calls {
  readonly #path: string;
  readonly #now: () => number;
  #open: Promise<RunStore> | null = null;

  constructor(own: OwnFolder, now: () => number) {
    this.#path = join(own.path, SOURCES_FILE);
    this.#now = now;
  }

  async keepImportedFiles(...given: Parameters<Calls['keepImportedFiles']>): Promise<void> {
    await (await this.#opened()).keepImportedFiles(...given);
  }

  async importedFiles(...given: Parameters<Calls['importedFiles']>) {
    return this.#isThere ? (await this.#opened()).importedFiles(...given) : [];
  }

  async sourcePiece(...given: Parameters<Calls['sourcePiece']>) {
    return this.#isThere ? (await this.#opened()).sourcePiece(...given) : null;
  }

  async flush(): Promise<void> {
    await (await this.#open)?.flush();
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await (await open)?.close();
  }

  get #isThere(): boolean {
    return this.#open !== null || existsSync(this.#path);
  }

  /** A failure to open is told to who asked; the next one tries again. */
  #opened(): Promise<RunStore> {
    if (this.#open !== null) return this.#open;
    const opening = openSqliteStore({ path: this.#path, now: this.#now });
    this.#open = opening;
    opening.catch(() => {
      if (this.#open === opening) this.#open = null;
    });
    return opening;
  }
}
