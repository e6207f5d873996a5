// Writes to a store at a steady rate, until it is refused: inserts, also of runs that began long ago,
// changes and deletions. Prints a line of JSON for each write that was acknowledged, `{ id, digest }`,
// null for a deletion; and at the end `{ refused }`, the code. Arguments: the store, writes a second, seed.
import { setTimeout as delay } from 'node:timers/promises';
import { makeRun } from '../../../src/conformance/make-run.ts';
import {
  type AgentRun,
  digestOf,
  isRunledgerError,
  openRunRepository,
} from '../../../src/index.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const [store = '', rate, seed] = process.argv.slice(2);
const random = seededRandom(Number(seed));
const repository = await openRunRepository(store, { create: false });
/** Beside what the store held before. */
const FIRST = 1_000_000;
const living = new Map<string, number>();
let next = FIRST;

async function write(): Promise<{ id: string; digest: string | null }> {
  const known = random.pick([...living.keys()]);
  if (known === undefined || random.chance(0.5)) {
    const number = next;
    next += 1;
    const isOld = random.chance(0.5);
    const run = makeRun(number, isOld ? { startedAt: '2020-01-01T00:00:00.000Z' } : {});
    living.set(run.id, number);
    return save(run);
  }
  if (random.chance(0.3)) {
    living.delete(known);
    await repository.delete(known);
    return { id: known, digest: null };
  }
  const changed = makeRun(living.get(known) ?? FIRST, { branch: `b${random.integer(0, 1e9)}` });
  return save(changed);
}

async function save(run: AgentRun): Promise<{ id: string; digest: string }> {
  await repository.save(run);
  return { id: run.id, digest: digestOf(run) };
}

const startedAt = performance.now();
for (let written = 0; ; written += 1) {
  const due = startedAt + (1_000 * written) / Number(rate);
  if (due > performance.now()) await delay(due - performance.now());
  try {
    process.stdout.write(`${JSON.stringify(await write())}\n`);
  } catch (error) {
    if (!isRunledgerError(error)) throw error;
    process.stdout.write(`${JSON.stringify({ refused: error.code, written })}\n`);
    break;
  }
}
await repository.close();
