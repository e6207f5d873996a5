import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for stores that goes away with what is in it. */
export class ScratchFolder implements Disposable {
  readonly #path = mkdtempSync(join(tmpdir(), 'runledger-bench-'));
  #files = 0;

  /** A path where no file is yet. */
  newFile(): string {
    this.#files += 1;
    return join(this.#path, `${this.#files}.db`);
  }

  /** A folder that is empty. */
  newFolder(): string {
    this.#files += 1;
    const path = join(this.#path, `${this.#files}`);
    mkdirSync(path);
    return path;
  }

  /** Removes a database file with what SQLite keeps beside it. */
  remove(path: string): void {
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  }

  [Symbol.dispose](): void {
    rmSync(this.#path, { recursive: true, force: true });
  }
}
