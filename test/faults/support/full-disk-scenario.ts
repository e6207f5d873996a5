// Fills a small disk with runs, makes room again, goes on, and prints `FullDiskFacts`. For a mount
// namespace of its own. Arguments: an empty folder, the kind of store.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AgentRun,
  digestOf,
  openRunRepository,
  type RunRepository,
} from '../../../src/index.ts';
import { runChild } from '../../support/child.ts';
import { endWithParent } from '../../support/end-with-parent.ts';
import { cli } from './cli.ts';
import { addressIn, type DurableKind } from './durable-kinds.ts';
import { failureOf } from './failure-of.ts';
import { faultRun } from './fault-run.ts';
import { History, type Step } from './history.ts';
import { inspectStore } from './inspect-store.ts';
import type { ToldFailure } from './report.ts';
import { writeRunFolder } from './run-folder.ts';

/** What came of it. */
export interface FullDiskFacts {
  /** How each way of writing failed in the end. */
  failures: Record<'save' | 'transaction' | 'saveMany' | 'open', ToldFailure | null>;
  /** Runs that were acknowledged until then, and what is wrong with what is read on the full disk. */
  acknowledged: number;
  whileFull: string[];
  /** What is wrong after more runs were saved through the same repository, in the freed space. */
  afterwards: string[];
  /** `migrate` onto the full disk, and again after space was freed. */
  migrations: { code: number | null; stdout: string; stderr: string }[];
  /** Runs of the source, and how many of them are in the target in the end as they were. */
  toMigrate: number;
  migrated: number;
}

const DISK_SIZE = '8m';
const BALLAST_BYTES = 3_000_000;
const MIGRATED_RUNS = 40;
const [folder = '', kind] = process.argv.slice(2);
const disk = join(folder, 'disk');
const store = addressIn(disk, kind as DurableKind);
const ballast = join(disk, 'ballast');
const source = join(folder, 'source');
const target = addressIn(disk, kind as DurableKind, 'migrated');

endWithParent();
const sourceDigests = writeRunFolder(source, MIGRATED_RUNS);
execFileSync('mkdir', [disk]);
execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_SIZE}`, 'tmpfs', disk]);
writeFileSync(ballast, Buffer.alloc(BALLAST_BYTES));

const history = new History();
let nextNumber = 0;
const repository = await openRunRepository(store);
const failures = {
  save: await fill('save', 1, saveEach),
  transaction: await fill('transaction', 5, (runs) =>
    repository.transaction((inside) => saveEach(runs, inside)),
  ),
  saveMany: await fill('save-many', 10, (runs) => repository.saveMany(runs)),
  open: await failureOf(() => openRunRepository(target)),
};
const { acknowledged } = history;
const whileFull = history.problems(await readDigests());
const migrate = cli('migrate', '--from', `file:${source}`, '--to', target);
const first = await runChild(migrate);

rmSync(ballast);
for (let more = 0; more < 20; more += 1) await write('save', 1, saveEach);
const second = await runChild(migrate);
await repository.close();
const migrated = await inspectStore(target);

const facts: FullDiskFacts = {
  failures,
  acknowledged,
  whileFull,
  afterwards: history.problems(await inspectStore(store)),
  migrations: [first, second],
  toMigrate: sourceDigests.size,
  migrated: [...migrated].filter(([id, digest]) => sourceDigests.get(id) === digest).length,
};
process.stdout.write(JSON.stringify(facts), () => process.exit());

/** Writes new runs until the disk is full. */
function fill(
  kind: Step['kind'],
  count: number,
  put: (runs: AgentRun[]) => Promise<unknown>,
): Promise<ToldFailure | null> {
  return failureOf(async () => {
    for (;;) await write(kind, count, put);
  });
}

/**
 * A write that failed leaves nothing, so that it is not in the history; but of a failed `saveMany`
 * some runs may be there.
 */
async function write(
  kind: Step['kind'],
  count: number,
  put: (runs: AgentRun[]) => Promise<unknown>,
): Promise<void> {
  const runs = Array.from({ length: count }, (_, index) => faultRun(nextNumber + index));
  nextNumber += count;
  const step = { kind, digests: Object.fromEntries(runs.map((run) => [run.id, digestOf(run)])) };
  try {
    await put(runs);
  } catch (error) {
    if (kind === 'save-many') history.record(step, 'failed');
    throw error;
  }
  history.record(step, 'done');
}

async function saveEach(runs: readonly AgentRun[], target: RunRepository = repository) {
  for (const run of runs) await target.save(run);
}

async function readDigests(): Promise<Map<string, string>> {
  const runs = await Array.fromAsync(repository.stream());
  return new Map(runs.map((run) => [run.id, digestOf(run)]));
}
