import { statSync } from 'node:fs';
import { join } from 'node:path';
import { warn } from '../../repository/guard/warn.ts';
import { TurnQueue } from '../../repository/turn-queue.ts';
import { finishIntents, type Unplaced } from './finish-intents.ts';
import { goneFolder, unwritableFolder } from './folder-error.ts';
import { type FolderLock, WAIT_MS } from './folder-lock.ts';
import type { FolderParts } from './folder-parts.ts';
import { readIntents } from './intent-table.ts';
import { type IndexWork, takeIn } from './take-in.ts';

/** What who is in a folder has to know and to do. */
export interface Stay {
  /** Lets others in again. */
  leave: () => void;
  /** What was decided before and could not be put in its place now either. */
  unplaced: Unplaced[];
}

/** How entries are looked at. */
export interface RefreshOptions {
  /** True: read them though they look as they did. */
  anew?: boolean;
  /** How long others are waited for before BUSY, in milliseconds. */
  waitMs?: number | undefined;
}

/** The folder of a file store, and the right to change it. */
export class Folder {
  readonly parts: FolderParts;
  readonly #lock: FolderLock;
  readonly #identity: string;
  readonly #turns = new TurnQueue();
  /** The files that were told of as not in their place. */
  readonly #told = new Set<string>();

  constructor(parts: FolderParts, lock: FolderLock) {
    this.parts = parts;
    this.#lock = lock;
    this.#identity = identityOf(parts.path);
  }

  /** Rejects when the folder is not there any more: what the index says is then true of nothing. */
  checkThere(): void {
    const { path } = this.parts;
    if (identityOf(path) !== this.#identity) throw goneFolder(path);
  }

  /**
   * Waits until nobody else of this or another process changes the folder, BUSY after the waiting time.
   * Gives the function that lets others in again.
   */
  async takeTurn(waitMs = WAIT_MS): Promise<() => void> {
    const end = await this.#turns.take(waitMs);
    try {
      this.checkThere();
      await this.#lock.take(waitMs);
    } catch (error) {
      end();
      throw error;
    }
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#lock.release();
      end();
    };
  }

  /** The same, and puts in place first what the last one decided and could not finish. */
  async enter(waitMs = WAIT_MS): Promise<Stay> {
    const leave = await this.takeTurn(waitMs);
    try {
      const intents = await this.parts.index.read(readIntents);
      const unplaced = intents.length > 0 ? await finishIntents(this.parts, intents) : [];
      this.#tell(unplaced);
      return { leave, unplaced };
    } catch (error) {
      leave();
      throw unwritableFolder(this.parts.path, error);
    }
  }

  /** Does work inside. */
  async inside<T>(work: () => Promise<T>, waitMs = WAIT_MS): Promise<T> {
    const { leave } = await this.enter(waitMs);
    try {
      return await work();
    } catch (error) {
      throw unwritableFolder(this.parts.path, error);
    } finally {
      leave();
    }
  }

  /** Brings the index up to what these entries are now. */
  async refresh(names: readonly string[], options: RefreshOptions = {}): Promise<void> {
    const { parts } = this;
    const inIndex: IndexWork = (work) =>
      parts.index.write('full', (db) => work(db, () => ({ now: parts.now() })));
    const { waitMs, ...how } = options;
    await this.inside(() => takeIn(parts, names, inIndex, how), waitMs);
  }

  /** A change that waits keeps nobody from other work, so that nobody would hear of it. */
  #tell(unplaced: readonly Unplaced[]): void {
    const before = new Set(this.#told);
    this.#told.clear();
    for (const { intent, error } of unplaced) {
      this.#told.add(intent.name);
      if (before.has(intent.name)) continue;
      const path = join(this.parts.path, intent.name);
      warn(`A change that is decided waits for ${path}`, unwritableFolder(path, error));
    }
  }
}

/** What tells a folder from another one at its path, a disk that was taken out included. */
function identityOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? 'none' : `${stat.dev}:${stat.ino}`;
}
