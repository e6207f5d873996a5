import { DatabaseSync } from 'node:sqlite';

/** Holds the write lock of the database that is named until it is told something. */
const [, , path = ''] = process.argv;
const database = new DatabaseSync(path, { timeout: 5_000 });
database.exec('BEGIN IMMEDIATE');
process.stdout.write('held\n');
process.stdin.once('data', () => {
  database.exec('ROLLBACK');
  database.close();
  process.stdin.destroy();
});
