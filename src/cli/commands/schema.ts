import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { readStoreTarget } from '../../config/store-target.ts';
import { applySchema, readSchema } from '../../open-repository.ts';
import type { SchemaMigration } from '../../repository/schema-migration.ts';
import { EXIT } from '../exit-codes.ts';
import { addExamples } from '../help-examples.ts';
import { callOnStore } from '../how-to-call.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { nameOfStore } from '../name-of-store.ts';
import { countOf, formatTime } from '../output/figures.ts';
import { writeJson } from '../output/json-document.ts';
import { writeOut } from '../output/stdout.ts';
import { formatTable } from '../output/table.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import { addStoreOption, missing, type StoreOption } from '../store-access.ts';

interface Options extends JsonOption, StoreOption {
  apply?: true;
}

/** `runledger schema` */
export function defineSchema(command: Command): void {
  command
    .description(
      `Show which schema migrations a database has, and which are pending. Changes
nothing unless --apply is given. Ends with 1 while some are pending.`,
    )
    .option('--apply', 'apply the pending migrations');
  addStoreOption(command);
  addJsonOption(command);
  addExamples(command, [['schema --apply', 'bring ./data/claude-runs.db up to date']]).action(
    (options: Options) => schema(options),
  );
}

async function schema({ store, apply, json }: Options): Promise<void> {
  const target = readStoreTarget(store);
  if (target.kind === 'sqlite' && !existsSync(target.path)) throw missing(store);
  const before = await readSchema(store);
  const applied = apply === true && pendingOf(before).length > 0 ? await applySchema(store) : [];
  const migrations = applied.length > 0 ? await readSchema(store) : before;
  const pending = pendingOf(migrations);
  if (pending.length > 0) process.exitCode = EXIT.failed;
  if (json) {
    await writeJson({
      store: nameOfStore(store),
      migrations,
      applied: applied.map(({ name }) => name),
    });
  } else await writeOut(schemaText(migrations, applied, pending));
}

function pendingOf(migrations: readonly SchemaMigration[]): SchemaMigration[] {
  return migrations.filter(({ appliedAt }) => appliedAt === null);
}

function schemaText(
  migrations: readonly SchemaMigration[],
  applied: readonly SchemaMigration[],
  pending: readonly SchemaMigration[],
): string {
  const rows = migrations.map(({ name, appliedAt }) => [
    name,
    appliedAt === null
      ? { text: 'pending', style: 'yellow' as const }
      : { text: `applied ${formatTime(appliedAt)}`, style: 'green' as const },
  ]);
  const table = formatTable([{ title: 'MIGRATION' }, { title: 'STATE' }], rows, terminalWidth());
  return `${table}\n${verdict(applied.length, pending.length)}\n`;
}

function verdict(applied: number, pending: number): string {
  if (pending > 0)
    return `${countOf(pending, 'migration')} pending: ${callOnStore('schema --apply')}`;
  return applied > 0 ? `Applied ${countOf(applied, 'migration')}.` : 'The schema is up to date.';
}
