import type pg from 'pg';
import type { AgentRun } from '../../src/domain/run.ts';
import { collectGarbage, timed } from '../harness.ts';
import { type CopiedRows, loadRows } from './bare-copy.ts';
import type { BenchServer } from './bench-server.ts';

/** Makes schemas for rounds that each begin with an empty store, and drops them again. */
export class FreshSchemas {
  readonly #server: BenchServer;
  readonly #client: pg.Client;
  #made = 0;

  constructor(server: BenchServer, client: pg.Client) {
    this.#server = server;
    this.#client = client;
  }

  /** A schema with the tables of a store. */
  async make(): Promise<string> {
    this.#made += 1;
    const schema = `round_${this.#made}`;
    await (await this.#server.open(schema)).close();
    return schema;
  }

  /** Drops it and writes out what is left, so that the next round does not pay for it. */
  async drop(schema: string): Promise<void> {
    await this.#client.query(`SET client_min_messages = error; DROP SCHEMA ${schema} CASCADE`);
    await this.#client.query('CHECKPOINT');
  }

  /** Milliseconds that loading these rows, a batch at a time, into an empty store takes. */
  async load(batches: readonly CopiedRows[]): Promise<number> {
    const schema = await this.make();
    collectGarbage();
    const ms = await timed(async () => {
      for (const rows of batches) await loadRows(this.#client, schema, rows);
      await this.#client.query(`UPDATE ${schema}.store_identity SET flushes = flushes + 1`);
    });
    await this.drop(schema);
    return ms;
  }

  /** Milliseconds that `saveMany` takes in a new store, `prepared` as it is wanted. */
  async saveMany(
    runs: readonly AgentRun[],
    prepare: (schema: string) => Promise<unknown> = async () => {},
  ): Promise<number> {
    const schema = await this.make();
    await prepare(schema);
    const repository = await this.#server.open(schema);
    collectGarbage();
    const ms = await timed(() => repository.saveMany(runs));
    await repository.close();
    await this.drop(schema);
    return ms;
  }
}
