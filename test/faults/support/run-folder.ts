import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AgentRun, digestOf } from '../../../src/index.ts';
import { faultRun } from './fault-run.ts';
import type { StoredDigests } from './history.ts';

/** Runs with such numbers have no steps: of 4 KB each, so that many are written in little time. */
const WITHOUT_STEPS = 4;

/** Writes so many small `faultRun`s as files in the old layout; returns the digest of each. */
export function writeRunFolder(folder: string, count: number): StoredDigests {
  mkdirSync(folder, { recursive: true });
  const runs: AgentRun[] = Array.from({ length: count }, (_, index) =>
    faultRun(index * WITHOUT_STEPS),
  );
  for (const run of runs) {
    writeFileSync(join(folder, `${run.id}.json`), JSON.stringify(run, null, 2));
  }
  return new Map(runs.map((run) => [run.id, digestOf(run)]));
}
