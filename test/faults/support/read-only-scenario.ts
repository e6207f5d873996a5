// Opens stores in folders where nothing may be written and prints `ReadOnlyFacts`. For a mount
// namespace of its own. Arguments: an empty folder, the kind of store.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOf, openRunRepository } from '../../../src/index.ts';
import { runChild } from '../../support/child.ts';
import { endWithParent } from '../../support/end-with-parent.ts';
import { cli } from './cli.ts';
import { addressIn } from './durable-kinds.ts';
import { failureOf } from './failure-of.ts';
import { faultRun } from './fault-run.ts';
import { hashFolder } from './hash-folder.ts';
import { History } from './history.ts';
import type { ToldFailure } from './report.ts';
import { writeRunFolder } from './run-folder.ts';
import { startWriter } from './writer.ts';

/** What came of one folder. */
export interface ReadOnlyFolder {
  /** What is wrong with the runs that were read. */
  problems: string[];
  read: ToldFailure | null;
  save: ToldFailure | null;
  transaction: ToldFailure | null;
  migrate: { code: number | null; stdout: string; stderr: string };
  unchanged: boolean;
}

/**
 * What came of a store that was closed, of one whose writer was killed, of no store at all, and of one
 * of which the database alone may not be written.
 */
export interface ReadOnlyFacts {
  closed: ReadOnlyFolder;
  killed: ReadOnlyFolder;
  none: ReadOnlyFolder;
  databaseAlone: ReadOnlyFolder;
}

const SAVING_CHILD = fileURLToPath(new URL('saving-child.ts', import.meta.url));
const NEW_RUN = 900_000;
const [folder = '', kind] = process.argv.slice(2);
const DATABASE = kind === 'file' ? '.runledger/index.db' : 'runs.db';
const source = join(folder, 'source');

endWithParent();
writeRunFolder(source, 3);
const facts: ReadOnlyFacts = {
  closed: await inReadOnly('closed', closedStore),
  killed: await inReadOnly('killed', killWriter),
  none: await inReadOnly('none', async () => new History()),
  databaseAlone: await inReadOnly('database', touchedStore, DATABASE),
};
process.stdout.write(JSON.stringify(facts), () => process.exit());

/** Prepares a folder, makes it or a part of it read-only and tries everything in it. */
async function inReadOnly(
  name: string,
  prepare: (store: string) => Promise<History>,
  part = '',
): Promise<ReadOnlyFolder> {
  const place = join(folder, name);
  const store = kind === 'file' ? `file:${place}` : addressIn(place, 'sqlite');
  mkdirSync(place);
  const history = await prepare(store);
  const bound = join(place, part);
  execFileSync('mount', ['--bind', bound, bound]);
  execFileSync('mount', ['-o', 'remount,bind,ro', bound]);
  const before = JSON.stringify(hashFolder(place));
  const stored = new Map<string, string>();
  const read = await failureOf(async () => {
    const repository = await openRunRepository(store);
    for await (const run of repository.stream()) stored.set(run.id, digestOf(run));
    await repository.close();
  });
  const save = await failureOf(async () => {
    const repository = await openRunRepository(store);
    await repository.save(faultRun(NEW_RUN)).finally(() => repository.close());
  });
  const transaction = await failureOf(async () => {
    const repository = await openRunRepository(store);
    const call = repository.transaction((inside) => inside.save(faultRun(NEW_RUN)));
    await call.finally(() => repository.close());
  });
  const migrate = await runChild(cli('migrate', '--from', `file:${source}`, '--to', store));
  const unchanged = JSON.stringify(hashFolder(place)) === before;
  return { problems: history.problems(stored), read, save, transaction, migrate, unchanged };
}

async function closedStore(store: string): Promise<History> {
  const history = await killWriter(store);
  await (await openRunRepository(store)).close();
  return history;
}

/** The same, and somebody touched its files since: the index is not what they are. */
async function touchedStore(store: string): Promise<History> {
  const history = await closedStore(store);
  if (kind !== 'file') return history;
  const place = store.slice('file:'.length);
  for (const name of readdirSync(place)) {
    if (name.endsWith('.json')) utimesSync(join(place, name), new Date(), new Date());
  }
  return history;
}

/** Leaves a store as a killed writer does, with a log that was not taken into the database yet. */
async function killWriter(store: string): Promise<History> {
  const history = new History();
  const writer = startWriter([process.execPath, SAVING_CHILD, store, '1', '0'], history);
  await writer.reached(30);
  writer.kill('SIGKILL');
  await writer.ended;
  return history;
}
