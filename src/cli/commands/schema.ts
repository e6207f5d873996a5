import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { StoreConfiguration } from '../../config/store-configuration.ts';
import { readStoreTarget } from '../../config/store-target.ts';
import { applySchema, readIndexes, readSchema } from '../../open-repository.ts';
import {
  isPending,
  type OptionalIndex,
  type SchemaMigration,
} from '../../repository/schema-migration.ts';
import { EXIT } from '../exit-codes.ts';
import { addExamples } from '../help-examples.ts';
import { callOnStore } from '../how-to-call.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { nameOfStore } from '../name-of-store.ts';
import { countOf, formatTime } from '../output/figures.ts';
import { writeJson } from '../output/json-document.ts';
import { withProgress } from '../output/progress.ts';
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
      `Show which schema migrations a database has, and which are pending; and indexes
that the configuration has a say in. Changes nothing unless --apply is given.
Ends with 1 while something is pending.`,
    )
    .option('--apply', 'apply what is pending');
  addStoreOption(command);
  addJsonOption(command);
  addExamples(command, [['schema --apply', 'bring ./data/claude-runs.db up to date']]).action(
    (options: Options) => schema(options),
  );
}

async function schema({ store, apply, json }: Options): Promise<void> {
  const target = readStoreTarget(store);
  if (target.kind === 'sqlite' && !existsSync(target.path)) throw missing(store);
  const before = await read(store);
  const isApplied = apply === true && pendingOf(before) > 0;
  const applied = isApplied ? await applyWithProgress(store) : [];
  const state = isApplied ? await read(store) : before;
  if (pendingOf(state) > 0) process.exitCode = EXIT.failed;
  if (json) {
    await writeJson({
      store: nameOfStore(store),
      ...state,
      applied: applied.map(({ name }) => name),
    });
  } else await writeOut(schemaText(state, pendingOf(before) - pendingOf(state)));
}

interface State {
  migrations: SchemaMigration[];
  indexes: OptionalIndex[];
}

async function read(store: StoreConfiguration): Promise<State> {
  return { migrations: await readSchema(store), indexes: await readIndexes(store) };
}

function pendingOf({ migrations, indexes }: State): number {
  const pending = migrations.filter(({ appliedAt }) => appliedAt === null);
  return pending.length + indexes.filter(isPending).length;
}

function applyWithProgress(store: StoreConfiguration): Promise<SchemaMigration[]> {
  return withProgress((progress) =>
    applySchema(store, {
      onProgress: (done, total) => progress.update('Building an index, pages', done, total),
    }),
  );
}

function schemaText(state: State, applied: number): string {
  const rows = [
    ...state.migrations.map(({ name, appliedAt }) => [
      name,
      appliedAt === null ? PENDING : done(`applied ${formatTime(appliedAt)}`),
    ]),
    ...state.indexes.map((index) => [index.name, stateOf(index)]),
  ];
  const table = formatTable([{ title: 'SCHEMA' }, { title: 'STATE' }], rows, terminalWidth());
  return `${table}\n${verdict(applied, pendingOf(state))}\n`;
}

const PENDING = { text: 'pending', style: 'yellow' as const };

function done(text: string) {
  return { text, style: 'green' as const };
}

function stateOf(index: OptionalIndex) {
  const { state, isWanted, option } = index;
  const found = state === 'half built' ? `${state}, ` : '';
  if (isPending(index)) return { ...PENDING, text: `${found}pending: ${option} is ${isWanted}` };
  if (state === 'built') return done(state);
  return { text: `${found || 'left out, '}see ${option}`, style: 'dim' as const };
}

function verdict(applied: number, pending: number): string {
  if (pending > 0) return `${countOf(pending, 'change')} pending: ${callOnStore('schema --apply')}`;
  return applied > 0 ? `Applied ${countOf(applied, 'change')}.` : 'The schema is up to date.';
}
