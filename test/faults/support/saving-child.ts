// Writes to a store for as long as it lives, and reports each step before it and after it was
// acknowledged. Arguments: the store, a seed, the number of its first run.
import { setTimeout as delay } from 'node:timers/promises';
import {
  type AgentRun,
  digestOf,
  openRunRepository,
  type RunRepository,
} from '../../../src/index.ts';
import { endWithParent } from '../../support/end-with-parent.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { COMMON_WORD, faultRun, REVISION_WORDS } from './fault-run.ts';
import type { Step } from './history.ts';
import { tellBegin, tellDone } from './report.ts';

const [store = '', seed, first] = process.argv.slice(2);
const TRANSACTION_RUNS = 5;
/** Transactions do other things in between, so that there is time to die in them. */
const PAUSE_IN_TRANSACTION_MS = 1;

endWithParent();
const random = seededRandom(Number(seed));
let nextNumber = Number(first);
/** The revision of each own run that is stored, by number. */
const revisions = new Map<number, number>();
const repository = await openRunRepository(store);
for (;;) await doSomething();

async function doSomething(): Promise<void> {
  const dice = random.integer(1, 100);
  if (dice <= 45) await write('save', newNumbers(1), saveEach(repository));
  else if (dice <= 60) await write('save', knownNumbers(1), saveEach(repository));
  else if (dice <= 75) {
    const numbers = [...newNumbers(TRANSACTION_RUNS - 1), ...knownNumbers(1)];
    await write('transaction', numbers, (runs) =>
      repository.transaction((inside) => saveEach(inside, PAUSE_IN_TRANSACTION_MS)(runs)),
    );
  } else if (dice <= 85) {
    const numbers = [...newNumbers(random.integer(2, 30)), ...knownNumbers(2)];
    await write('save-many', numbers, (runs) => repository.saveMany(runs));
  } else if (dice <= 95) await deleteOne();
  else await repository.search(COMMON_WORD);
}

/** Writes these runs at the revision after the stored one, and says so before and after. */
async function write(
  kind: Step['kind'],
  numbers: readonly number[],
  put: (runs: AgentRun[]) => Promise<unknown>,
): Promise<void> {
  if (numbers.length === 0) return;
  const next = numbers.map((number) => [number, (revisions.get(number) ?? -1) + 1] as const);
  const runs = next.map(([number, revision]) => faultRun(number, revision));
  tellBegin({ kind, digests: Object.fromEntries(runs.map((run) => [run.id, digestOf(run)])) });
  await put(runs);
  tellDone();
  for (const [number, revision] of next) revisions.set(number, revision);
}

async function deleteOne(): Promise<void> {
  const number = random.pick([...revisions.keys()]);
  if (number === undefined) return;
  const { id, status } = faultRun(number, revisions.get(number));
  if (status === 'RUNNING') return;
  tellBegin({ kind: 'delete', digests: { [id]: null } });
  await repository.delete(id);
  tellDone();
  revisions.delete(number);
}

function saveEach(target: RunRepository, pauseMs = 0) {
  return async (runs: readonly AgentRun[]) => {
    for (const run of runs) {
      await target.save(run);
      if (pauseMs > 0) await delay(pauseMs);
    }
  };
}

function newNumbers(count: number): number[] {
  nextNumber += count;
  return Array.from({ length: count }, (_, index) => nextNumber - count + index);
}

/** Different stored runs that have a revision to go, at most so many. */
function knownNumbers(count: number): number[] {
  const open = [...revisions].filter(([, revision]) => revision + 1 < REVISION_WORDS.length);
  const picked = Array.from({ length: count }, () => random.pick(open)?.[0]);
  return [...new Set(picked)].filter((number) => number !== undefined);
}
