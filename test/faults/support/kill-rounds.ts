import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../../support/seeded-random.ts';
import { addressIn, type DurableKind } from './durable-kinds.ts';
import { History, type StoredDigests } from './history.ts';
import { inspectStore } from './inspect-store.ts';
import { startWriter } from './writer.ts';

const SAVING_CHILD = fileURLToPath(new URL('saving-child.ts', import.meta.url));
/** No round writes so many runs: each begins with numbers of its own. */
const ROUND_NUMBERS = 100_000;

/** When a writer dies: while it opens or makes the store, or while it writes. */
const MOMENTS = ['at the start', 'in a transaction', 'at any time', 'at any time'] as const;

/** What is killed, and when. */
export interface KillPlan {
  kind: DurableKind;
  rounds: number;
  seed: number;
  folder: string;
  /** By default all of them in turn. */
  moments?: readonly (typeof MOMENTS)[number][];
}

/** What rounds of killing did. */
export interface KillReport {
  /** Writes of single runs that were acknowledged before the kill. */
  acknowledged: number;
  /** Rounds in which a step was under way at the kill. */
  amidStep: number;
  /** Per round in which something was wrong: what. */
  problems: string[];
}

/**
 * Lets a child write to a store in the folder, kills it with SIGKILL at a random moment, and checks
 * what it left; so many times over, now on the same store, now on a new one.
 */
export async function killRounds({
  kind,
  rounds,
  seed,
  folder,
  moments = MOMENTS,
}: KillPlan): Promise<KillReport> {
  const random = seededRandom(seed);
  const report: KillReport = { acknowledged: 0, amidStep: 0, problems: [] };
  let store = addressIn(folder, kind, 'runs-0');
  let stored: StoredDigests = new Map();
  for (let round = 0; round < rounds; round += 1) {
    if (random.chance(0.25)) {
      store = addressIn(folder, kind, `runs-${round}`);
      stored = new Map();
    }
    const history = new History(stored);
    const first = round * ROUND_NUMBERS;
    const command = [process.execPath, SAVING_CHILD, store, `${seed + round}`, `${first}`];
    const writer = startWriter(command, history);
    const moment = random.pick(moments);
    if (moment === 'at the start') await delay(random.integer(100, 700));
    else {
      await writer.reached(random.integer(1, 80));
      if (moment === 'in a transaction') {
        await writer.until(() => history.underWay?.kind === 'transaction');
      }
      await delay(random.integer(0, 10));
    }
    writer.kill('SIGKILL');
    const { signal, stderr } = await writer.ended;
    assert.equal(signal, 'SIGKILL', `round ${round} ended by itself: ${stderr}`);
    stored = await inspectStore(store);
    report.acknowledged += history.acknowledged;
    if (history.underWay !== undefined) report.amidStep += 1;
    report.problems.push(
      ...history.problems(stored).map((problem) => `round ${round}: ${problem}`),
    );
  }
  return report;
}
