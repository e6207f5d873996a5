import { TurnQueue } from '../../repository/turn-queue.ts';
import { finishIntents } from './finish-intents.ts';
import { unwritableFolder } from './folder-error.ts';
import type { FolderLock } from './folder-lock.ts';
import type { FolderParts } from './folder-parts.ts';
import { readIntents } from './intent-table.ts';
import { takeIn } from './take-in.ts';

/** How long others of this process are waited for before BUSY. */
const WAIT_MS = 30_000;

/** The folder of a file store, and the right to change it. */
export class Folder {
  readonly parts: FolderParts;
  readonly #lock: FolderLock;
  readonly #turns = new TurnQueue();

  constructor(parts: FolderParts, lock: FolderLock) {
    this.parts = parts;
    this.#lock = lock;
  }

  /**
   * Waits until nobody else of this or another process changes the folder. Gives the function that lets
   * others in again.
   */
  async takeTurn(): Promise<() => void> {
    const end = await this.#turns.take(WAIT_MS);
    try {
      await this.#lock.take();
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
  async enter(): Promise<() => void> {
    const leave = await this.takeTurn();
    try {
      const intents = await this.parts.index.read(readIntents);
      if (intents.length > 0) await finishIntents(this.parts, intents);
      return leave;
    } catch (error) {
      leave();
      throw unwritableFolder(this.parts.path, error);
    }
  }

  /** Does work inside. */
  async inside<T>(work: () => Promise<T>): Promise<T> {
    const leave = await this.enter();
    try {
      return await work();
    } catch (error) {
      throw unwritableFolder(this.parts.path, error);
    } finally {
      leave();
    }
  }

  /** Brings the index up to what these entries are now. */
  async refresh(names: readonly string[]): Promise<void> {
    const { index } = this.parts;
    await this.inside(() => takeIn(this.parts, names, (work) => index.write('full', work)));
  }
}
