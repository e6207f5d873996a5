import { tmpdir } from 'node:os';
import pg from 'pg';
import { guardRepository } from '../../src/repository/guard/guarded-repository.ts';
import type { RunRepository } from '../../src/repository/run-repository.ts';
import type { RunStore } from '../../src/repository/run-store.ts';
import { openPostgresStore } from '../../src/stores/postgres/open-postgres-store.ts';
import { applyPostgresSchema } from '../../src/stores/postgres/schema/schema.ts';
import { findBinaries, MAJORS } from '../../test/support/postgres/binaries.ts';
import { startServer, type TestServer } from '../../test/support/postgres/server.ts';

/** What a server that is to be fast and safe is set to; the rest is as it comes. */
const SETTINGS = {
  fsync: 'on',
  full_page_writes: 'on',
  shared_buffers: '1GB',
  max_wal_size: '4GB',
  maintenance_work_mem: '256MB',
};

/** A server on a disk, with everything on that makes it safe. */
export class BenchServer implements AsyncDisposable {
  readonly #server: TestServer;

  private constructor(server: TestServer) {
    this.#server = server;
  }

  /** Starts the oldest version that there is here. */
  static async start(): Promise<BenchServer> {
    const binaries = MAJORS.map(findBinaries).find((found) => found !== null);
    if (binaries === undefined || binaries === null) {
      throw new TypeError('There are no programs of a PostgreSQL server here.');
    }
    return new BenchServer(await startServer(binaries, SETTINGS, tmpdir()));
  }

  /** Opens a store, behind the guard and with everything on, in a schema of that name. */
  async open(schema: string): Promise<RunRepository> {
    return guardRepository(await this.openStore(schema));
  }

  /** The same without the guard. */
  openStore(schema: string): Promise<RunStore> {
    return openPostgresStore({ ...this.#placeOf(schema), synchronize: true });
  }

  /** Builds the index that `search.postgresEnglishIndex` stands for. */
  async buildEnglishIndex(schema: string): Promise<void> {
    await applyPostgresSchema({ ...this.#placeOf(schema), postgresEnglishIndex: true });
  }

  #placeOf(schema: string) {
    const { host, port } = this.#server;
    const place = { host, port, username: 'postgres', database: 'postgres', ssl: false as const };
    return { ...place, schema, location: `bench:${schema}` };
  }

  /** A connection past the store. */
  async connect(): Promise<pg.Client> {
    const { host, port } = this.#server;
    const client = new pg.Client({ host, port, user: 'postgres', database: 'postgres' });
    await client.connect();
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop();
  }
}
