import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../../support/seeded-random.ts';
import { History, type StoredDigests } from './history.ts';
import { inspectStore } from './inspect-store.ts';
import { startWriter } from './writer.ts';

const SAVING_CHILD = fileURLToPath(new URL('saving-child.ts', import.meta.url));
/** No round writes so many runs: each begins with numbers of its own. */
const ROUND_NUMBERS = 100_000;

/** When a writer dies: while it opens or makes the store, or while it writes. */
const MOMENTS = ['at the start', 'in a transaction', 'at any time', 'at any time'] as const;

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
export async function killRounds(
  rounds: number,
  seed: number,
  folder: string,
): Promise<KillReport> {
  const random = seededRandom(seed);
  const report: KillReport = { acknowledged: 0, amidStep: 0, problems: [] };
  let path = join(folder, 'runs-0.db');
  let stored: StoredDigests = new Map();
  for (let round = 0; round < rounds; round += 1) {
    if (random.chance(0.25)) {
      path = join(folder, `runs-${round}.db`);
      stored = new Map();
    }
    const history = new History(stored);
    const first = round * ROUND_NUMBERS;
    const command = [
      process.execPath,
      SAVING_CHILD,
      `sqlite:${path}`,
      `${seed + round}`,
      `${first}`,
    ];
    const writer = startWriter(command, history);
    const moment = random.pick(MOMENTS);
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
    stored = await inspectStore(path);
    report.acknowledged += history.acknowledged;
    if (history.underWay !== undefined) report.amidStep += 1;
    report.problems.push(
      ...history.problems(stored).map((problem) => `round ${round}: ${problem}`),
    );
  }
  return report;
}
