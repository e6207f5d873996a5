import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One numbered file of SQL. */
export interface Migration {
  number: number;
  /** The name of its file, such as `0001-runs.sql`. */
  name: string;
  sql: string;
}

const FILE_NAME = /^(\d{4})-[a-z0-9-]+\.sql$/;

/** The migrations in a folder, in their order. */
export function loadMigrations(folder: string): Migration[] {
  const migrations: Migration[] = [];
  for (const name of readdirSync(folder).sort()) {
    const number = FILE_NAME.exec(name)?.[1];
    if (number === undefined) continue;
    migrations.push({
      number: Number(number),
      name,
      sql: readFileSync(join(folder, name), 'utf8'),
    });
  }
  return migrations;
}
