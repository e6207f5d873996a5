import { DataSource } from 'typeorm';
import { NodeSqlite } from './node-sqlite.ts';
import { RefuseWrites } from './refuse-writes.ts';
import { RUN_ENTITIES } from './run-entities.ts';

/** A data source that reads a database of Runledger. The file may be in use: reading waits for nobody. */
export function runDataSource(database: string): DataSource {
  return new DataSource({
    type: 'better-sqlite3',
    driver: NodeSqlite,
    database,
    readonly: true,
    synchronize: false,
    entities: RUN_ENTITIES,
    subscribers: [RefuseWrites],
  });
}
