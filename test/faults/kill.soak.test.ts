import { expect, onTestFailed, test } from 'vitest';
import { newSeed } from '../support/seeded-random.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { killRounds } from './support/kill-rounds.ts';

const ROUNDS = 50;

test(`kill -9, ${ROUNDS} rounds: every acknowledged run is there and whole`, async () => {
  const seed = newSeed();
  onTestFailed(() => console.error(`repeat with RUNLEDGER_SEED=${seed}`));
  const { acknowledged, amidStep, problems } = await killRounds(ROUNDS, seed, temporaryFolder());
  console.log(
    `kill -9: ${ROUNDS} rounds, ${amidStep} amid a step, ${acknowledged} acknowledged writes`,
  );
  expect(problems).toEqual([]);
  expect(amidStep).toBeGreaterThan(0);
});
