import { join } from 'node:path';
import { loadMigrations, type Migration } from '../sql/migrations.ts';

const FOLDER = join(import.meta.dirname, 'migrations');

/** The migrations that make a store, and those in other folders that add tables to it, in order. */
export function storeMigrations(...more: readonly string[]): Migration[] {
  return [FOLDER, ...more].flatMap(loadMigrations);
}
