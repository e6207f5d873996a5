import { expect, onTestFailed, test } from 'vitest';
import { newSeed } from '../support/seeded-random.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { killRounds } from './support/kill-rounds.ts';
import { PATIENCE } from './support/patience.ts';

const ROUNDS = 8;

test(`kill -9, ${ROUNDS} rounds: every acknowledged run is there and whole`, PATIENCE, async () => {
  const seed = newSeed();
  onTestFailed(() => console.error(`repeat with RUNLEDGER_SEED=${seed}`));
  const report = await killRounds(ROUNDS, seed, temporaryFolder());
  console.log(`kill -9: ${ROUNDS} rounds, ${report.acknowledged} acknowledged writes`);
  expect(report.problems).toEqual([]);
  expect(report.acknowledged).toBeGreaterThan(0);
});
