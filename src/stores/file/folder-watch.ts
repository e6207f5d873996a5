import { type FSWatcher, watch } from 'node:fs';
import { isRunledgerError } from '../../repository/errors.ts';
import { warn } from '../../repository/guard/warn.ts';
import { readFileRows } from './file-table.ts';
import type { Folder } from './folder.ts';
import { isTemporaryName, OWN_FOLDER } from './folder-names.ts';
import { isAsKnown, lookAtFile } from './look-at-file.ts';
import { sweep } from './sweep.ts';
import { takeInAll } from './take-in-all.ts';

/** How often the whole folder is looked through. */
const SWEEP_MS = 5_000;
/** A sweep takes at most this share of the time. */
const SWEEP_SHARE = 0.05;
/** Somebody's transaction may take long; the next sweep finds what was left then. */
const SHORT_WAIT_MS = 250;
/** Who writes a file seldom makes one call: they are waited for. */
const SETTLE_MS = 100;

/**
 * Sees what others change in a folder and takes it in: soon, where the system tells of it, and in any
 * case with the next sweep, since not every file system does. Does not keep its process alive.
 */
export class FolderWatch {
  readonly #folder: Folder;
  readonly #sweepMs: number;
  readonly #stopped = new AbortController();
  readonly #told = new Set<string>();
  #watcher: FSWatcher | undefined;
  #look: NodeJS.Timeout | undefined;
  #sweep: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #lastFailure = '';

  constructor(folder: Folder, sweepMs: number = SWEEP_MS) {
    this.#folder = folder;
    this.#sweepMs = sweepMs;
  }

  start(): void {
    try {
      const { path } = this.#folder.parts;
      this.#watcher = watch(path, { persistent: false }, (_, name) => this.#tell(name));
      this.#watcher.on('error', (error) => {
        // What it would tell from now on is not known; the sweep goes on.
        this.#watcher?.close();
        this.#report(error);
      });
    } catch (error) {
      // Systems have few of these; the sweep does without.
      this.#report(error);
    }
    this.#sweepLater(this.#sweepMs);
  }

  /** Ends it, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#watcher?.close();
    clearTimeout(this.#look);
    clearTimeout(this.#sweep);
    await this.#running;
  }

  #tell(name: string | null): void {
    if (name === null || name === OWN_FOLDER || isTemporaryName(name)) return;
    this.#told.add(name);
    this.#look ??= setTimeout(() => {
      this.#look = undefined;
      const names = [...this.#told];
      this.#told.clear();
      this.#run(async () => this.#takeIn(await this.#changedOf(names)));
    }, SETTLE_MS).unref();
  }

  #sweepLater(delayMs: number): void {
    if (this.#stopped.signal.aborted) return;
    this.#sweep = setTimeout(() => {
      const start = performance.now();
      this.#run(async () => {
        const { changed } = await sweep(this.#folder.parts, this.#stopped.signal);
        await this.#takeIn(changed);
        this.#lastFailure = '';
      });
      this.#run(async () => {
        this.#sweepLater(Math.max(this.#sweepMs, (performance.now() - start) / SWEEP_SHARE));
      });
    }, delayMs).unref();
  }

  async #takeIn(changed: readonly string[]): Promise<void> {
    await takeInAll(this.#folder, changed, { signal: this.#stopped.signal, waitMs: SHORT_WAIT_MS });
  }

  /** Most of what the system tells of are writes of this store. */
  async #changedOf(names: readonly string[]): Promise<string[]> {
    const { path, index } = this.#folder.parts;
    const rows = await index.read((db) => readFileRows(db, names));
    return names.filter((name) => !isAsKnown(lookAtFile(path, name), rows.get(name)));
  }

  #run(work: () => Promise<void>): void {
    this.#running = this.#running.then(work).catch((error: unknown) => this.#report(error));
  }

  /** Nobody called, so nobody can be told by a rejection; each failure is told once. */
  #report(error: unknown): void {
    if (this.#stopped.signal.aborted || isRunledgerError(error, 'BUSY')) return;
    const message = error instanceof Error ? error.message : String(error);
    if (message === this.#lastFailure) return;
    this.#lastFailure = message;
    warn(`Changes in ${this.#folder.parts.path} could not be seen`, error);
  }
}
