import { setTimeout as sleep } from 'node:timers/promises';
import { isRunledgerError } from '../../../repository/errors.ts';
import type { Connection } from './connection.ts';
import type { Database } from './database.ts';

/** So often others are told at most: a notification in every commit would make commits wait in line. */
const PAUSE_MS = 250;

const NOTIFY = `SELECT pg_notify(${channelOf('store_id')}, '') FROM {s}.store_identity`;

/** The channel of a store, as an expression; its id is that of the column. */
function channelOf(column: string): string {
  return `'runledger_' || ${column}`;
}

/** The channel on which those who follow the changes of this store are told of them. */
export async function readChannel(db: Connection): Promise<string> {
  const [row] = await db.rows(`SELECT ${channelOf('store_id')} AS channel FROM {s}.store_identity`);
  return String(row?.channel);
}

/** Tells everybody on a channel something. */
export async function tell(db: Connection, channel: string, payload: string): Promise<void> {
  await db.rows('SELECT pg_notify($1::text, $2::text)', [channel, payload]);
}

/** Tells others that there are changes, after they were committed and a few times a second at most. */
export class ChangeSignal {
  readonly #database: Database;
  #isWanted = false;
  #sending: Promise<void> | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** There are changes. Nobody waits until others know: at the latest they look by themselves. */
  give(): void {
    this.#isWanted = true;
    this.#sending ??= this.#send();
  }

  async #send(): Promise<void> {
    while (this.#isWanted) {
      this.#isWanted = false;
      await this.#database.transactionIfPossible((db) => db.rows(NOTIFY)).catch(unlessUnheard);
      await sleep(PAUSE_MS, undefined, { ref: false });
    }
    this.#sending = undefined;
  }
}

/** Who is not told looks by himself; a store that is closing, or whose server is away, tells nobody. */
function unlessUnheard(error: unknown): void {
  if (isRunledgerError(error)) return;
  throw error;
}
