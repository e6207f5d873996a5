import { type AgentRun, digestOf, type RunRepository } from '../../../src/index.ts';
import { faultRun } from './fault-run.ts';
import type { StoredDigests } from './history.ts';

/** What is stored before anything is changed. */
export const RUNS_BEFORE: readonly AgentRun[] = [1, 2, 4, 5].map((number) => faultRun(number));

/** A transaction of five runs: two that are new, two that change, one that goes. */
export function changeFiveRuns(repository: RunRepository): Promise<unknown> {
  return repository.transaction(async (inside) => {
    for (const run of [faultRun(1, 1), faultRun(10), faultRun(4, 1), faultRun(11)]) {
      await inside.save(run);
    }
    await inside.delete(faultRun(2).id);
  });
}

/** What is stored after it. */
export const RUNS_AFTER: readonly AgentRun[] = [
  ...[faultRun(1, 1), faultRun(4, 1), faultRun(5)],
  ...[faultRun(10), faultRun(11)],
];

/** The digests of these runs. */
export function digestsOf(runs: readonly AgentRun[]): StoredDigests {
  return new Map(runs.map((run) => [run.id, digestOf(run)]));
}
