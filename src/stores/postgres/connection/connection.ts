import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { SqlRow } from '../../sql/columns.ts';
import type { StatementLog } from '../../sql/statement-log.ts';
import { ServerIsSilent } from '../store-error.ts';

/**
 * Stands for the schema of the store wherever a statement names a table, `{s}.agent_runs`, also at the
 * beginning of a text, `'{s}.agent_runs'::regclass`. Composed queries have it in quotes.
 */
const SCHEMA = /('?)"?\{s\}"?/g;

/** A name as SQL quotes it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The statements of one store: with its schema in them, and named where they are prepared. */
export class Statements {
  readonly #schema: string;
  readonly #texts = new Map<string, string>();
  readonly #names = new Map<string, string>();
  /** False behind a pooler that loses prepared statements between transactions. */
  mayPrepare = true;

  constructor(schema: string) {
    this.#schema = quoteName(schema);
  }

  textOf(sql: string): string {
    const known = this.#texts.get(sql);
    if (known !== undefined) return known;
    if (this.#texts.size >= MOST_TEXTS) this.#texts.clear();
    const inText = this.#schema.replaceAll("'", "''");
    const text = sql.replace(SCHEMA, (_, quote: string) =>
      quote === '' ? this.#schema : `'${inText}`,
    );
    this.#texts.set(sql, text);
    return text;
  }

  nameOf(sql: string): string | undefined {
    if (!this.mayPrepare) return undefined;
    const known = this.#names.get(sql);
    if (known !== undefined || this.#names.size >= MOST_PREPARED) return known;
    // Of what it says: a pooler may send it to a connection on which somebody else has prepared, and
    // there the same name must mean the same statement.
    const name = `runledger_${hash('sha256', this.textOf(sql), 'hex').slice(0, 32)}`;
    this.#names.set(sql, name);
    return name;
  }
}

const MOST_TEXTS = 1000;
const MOST_PREPARED = 200;

/** How a connection is used. */
export interface ConnectionUse {
  log?: StatementLog | undefined;
  /** False: nothing is prepared. Default true. */
  mayPrepare?: boolean;
  /** After so long without an answer the connection counts as lost; 0 for never. Default 0. */
  silenceMs?: number;
}

/** One connection to a server. Calls that are made at once wait for one another. */
export class Connection {
  readonly #client: pg.ClientBase;
  readonly #statements: Statements;
  readonly #use: ConnectionUse;
  /** The call under way, or the last of those that wait for it. */
  #last: Promise<void> | null = null;

  constructor(client: pg.ClientBase, statements: Statements, use: ConnectionUse = {}) {
    this.#client = client;
    this.#statements = statements;
    this.#use = use;
  }

  /** The rows that a statement answers. It is planned anew each time, for the values it is given. */
  rows(sql: string, values: readonly unknown[] = []): Promise<SqlRow[]> {
    const text = this.#statements.textOf(sql);
    return this.#inTurn(text, () => this.#client.query({ text, values: [...values] }));
  }

  /** The same for a statement of the hot path, which is parsed once per connection. */
  prepared(sql: string, values: readonly unknown[]): Promise<SqlRow[]> {
    const text = this.#statements.textOf(sql);
    const { mayPrepare = true } = this.#use;
    const name = mayPrepare ? this.#statements.nameOf(sql) : undefined;
    return this.#inTurn(text, () =>
      this.#client.query({ text, values: [...values], ...(name !== undefined && { name }) }),
    );
  }

  /** Runs several statements without values, in one round trip. */
  async script(sql: string): Promise<void> {
    const text = this.#statements.textOf(sql);
    await this.#inTurn(text, () => this.#client.query(text));
  }

  /** Loads rows in the binary form of COPY, which is made while the server takes in what was sent. */
  async copy(sql: string, pieces: Iterable<Uint8Array>): Promise<void> {
    const text = this.#statements.textOf(sql);
    await this.#inTurn(text, async () => {
      await pipeline(Readable.from(pieces), this.#client.query(copyFrom(text)));
      return { rows: [] };
    });
  }

  #inTurn(text: string, work: () => Promise<{ rows: SqlRow[] }>): Promise<SqlRow[]> {
    // At once where nothing is under way: the server works on it while the caller goes on.
    const observed = () => this.#observed(text, work);
    const call = this.#last === null ? observed() : this.#last.then(observed);
    // The next call has its turn whatever becomes of this one; who made this one is told.
    const last = Promise.allSettled([call]).then(() => {
      if (this.#last === last) this.#last = null;
    });
    this.#last = last;
    return call;
  }

  async #observed(text: string, work: () => Promise<{ rows: SqlRow[] }>): Promise<SqlRow[]> {
    const { log, silenceMs = 0 } = this.#use;
    const start = performance.now();
    try {
      const { rows } = await answered(work(), silenceMs);
      log?.({ sql: text, milliseconds: performance.now() - start });
      return rows;
    } catch (error) {
      log?.({ sql: text, milliseconds: performance.now() - start, error });
      throw error;
    }
  }
}

/** Waits for an answer: where packets vanish, the system would tell so after a quarter of an hour. */
async function answered<T>(work: Promise<T>, silenceMs: number): Promise<T> {
  if (silenceMs === 0) return await work;
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ServerIsSilent()), silenceMs);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
    // Where it was given up, nobody waits for what becomes of it.
    work.catch(() => {});
  }
}
