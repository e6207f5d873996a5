import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ImportEnvironment, Importer, Transcript } from '../../repository/importer.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { FolderWatches } from './folder-watches.ts';
import { importFiles } from './import-files.ts';
import { type ImportMemory, rememberFiles } from './import-memory.ts';
import type { ImportOptions } from './import-options.ts';
import type { ImportReport } from './import-report.ts';

/** How agents are watched. */
export interface WatchOptions
  extends Omit<ImportOptions, 'memory' | 'again' | 'bringsBack' | 'now' | 'signal'> {
  environment: ImportEnvironment;
  /** Told of each import that read something, and of the first of each agent. */
  onReport: (importer: Importer, report: ImportReport) => void;
  /** Told why nothing can be taken in at the moment; it is tried again. */
  onProblem: (importer: Importer, error: unknown) => void;
  /** Ends it, after the import that is under way. */
  stop: AbortSignal;
}

/** Who writes a line seldom writes one alone. */
const SETTLE_MS = 300;
/** How often all files are looked at, for what the system did not tell of. */
const SWEEP_MS = 60_000;
/** The same where the system tells nothing. */
const BLIND_SWEEP_MS = 2_000;
/** Sweeps take at most this share of the time. */
const SWEEP_SHARE = 0.005;
/** Of reading what grows again and again. */
const READ_SHARE = 0.5;
const RETRY_MS = 5_000;

/**
 * Takes in what agents write, as they write it, until it is stopped. All that is there is taken in first.
 * Several processes may watch for one store: each finds that the other has taken it in.
 */
export async function watchHistory(
  importers: readonly Importer[],
  store: RunStore,
  options: WatchOptions,
): Promise<void> {
  await Promise.all(importers.map((importer) => new AgentWatch(importer, store, options).run()));
}

class AgentWatch {
  readonly #importer: Importer;
  readonly #store: RunStore;
  readonly #options: WatchOptions;
  readonly #watches: FolderWatches;
  /** Paths that changed since they were looked at. */
  readonly #told = new Set<string>();
  #memory: ImportMemory | null = null;
  #wake: (() => void) | null = null;
  #nextSweep = 0;

  constructor(importer: Importer, store: RunStore, options: WatchOptions) {
    this.#importer = importer;
    this.#store = store;
    this.#options = options;
    this.#watches = new FolderWatches((path) => {
      this.#told.add(path);
      this.#wake?.();
    });
  }

  async run(): Promise<void> {
    const { stop } = this.#options;
    const end = () => this.#wake?.();
    stop.addEventListener('abort', end);
    try {
      while (!stop.aborted) await this.#turn();
    } finally {
      stop.removeEventListener('abort', end);
      this.#watches.close();
    }
  }

  /** Takes in what changed, then waits for more. */
  async #turn(): Promise<void> {
    const start = performance.now();
    try {
      await this.#takeIn(start >= this.#nextSweep);
    } catch (error) {
      this.#options.onProblem(this.#importer, error);
      // What was known may be half of it; the store has the whole.
      this.#memory = null;
      this.#nextSweep = 0;
      await this.#pause(RETRY_MS);
      return;
    }
    const took = performance.now() - start;
    await this.#pause(took * (1 / READ_SHARE - 1));
    if (this.#told.size === 0) await this.#waitFor(this.#nextSweep - performance.now());
    await this.#pause(SETTLE_MS);
  }

  async #takeIn(isSweep: boolean): Promise<void> {
    const isFirst = this.#memory === null;
    const told = [...this.#told];
    this.#told.clear();
    const files = isSweep ? await this.#sweep() : await this.#filesOf(told);
    if (files.length === 0 && !isFirst) return;
    this.#memory ??= await rememberFiles(this.#importer, this.#store);
    const { onReport, environment: _, onProblem: __, stop: ___, ...options } = this.#options;
    const report = await importFiles(this.#importer, files, this.#store, {
      ...options,
      memory: this.#memory,
    });
    if (isFirst || report.filesRead > 0) onReport(this.#importer, report);
  }

  /** All files; what they hold is read only where they changed. */
  async #sweep(): Promise<Transcript[]> {
    const start = performance.now();
    const files: Transcript[] = [];
    for (const folder of this.#importer.folders(this.#options.environment)) {
      // Watched first: what changes between is looked at twice, and not never.
      await this.#watches.add(folder);
      files.push(...(await this.#importer.filesIn(folder)));
    }
    const took = performance.now() - start;
    const usual = this.#watches.isLive ? SWEEP_MS : BLIND_SWEEP_MS;
    this.#nextSweep = performance.now() + Math.max(usual, took / SWEEP_SHARE);
    return files;
  }

  /** The agent's files at these paths and in these folders. */
  async #filesOf(paths: readonly string[]): Promise<Transcript[]> {
    const files = new Map<string, Transcript>();
    const unknown = new Set<string>();
    for (const path of paths) {
      const file = await this.#options.look(path);
      if (file === null) {
        await this.#watches.add(path);
        unknown.add(path);
      } else if (this.#memory?.known.newest(path) !== undefined) files.set(path, file);
      else unknown.add(dirname(path));
    }
    for (const folder of unknown) {
      for (const file of await this.#importer.filesIn(folder)) files.set(file.path, file);
    }
    return [...files.values()];
  }

  async #waitFor(milliseconds: number): Promise<void> {
    if (this.#options.stop.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, milliseconds));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }

  async #pause(milliseconds: number): Promise<void> {
    try {
      await sleep(milliseconds, undefined, { signal: this.#options.stop });
    } catch (error) {
      // It is to stop, which its loop sees.
      if ((error as Error).name !== 'AbortError') throw error;
    }
  }
}
