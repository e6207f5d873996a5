import { expect, onTestFailed, test } from 'vitest';
import { newSeed } from '../support/seeded-random.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { DURABLE_KINDS } from './support/durable-kinds.ts';
import { killRounds } from './support/kill-rounds.ts';
import { PATIENCE } from './support/patience.ts';

const ROUNDS = 6;

test.for(DURABLE_KINDS)(
  `kill -9, ${ROUNDS} rounds on a %s store: every acknowledged run is there and whole`,
  PATIENCE,
  async (kind) => {
    const seed = newSeed();
    onTestFailed(() => console.error(`repeat with RUNLEDGER_SEED=${seed}`));
    const plan = { kind, rounds: ROUNDS, seed, folder: temporaryFolder() };
    const report = await killRounds(plan);
    console.log(`kill -9, ${kind}: ${ROUNDS} rounds, ${report.acknowledged} acknowledged writes`);
    expect(report.problems).toEqual([]);
    expect(report.acknowledged).toBeGreaterThan(0);
  },
);
