import { expect, onTestFailed, test } from 'vitest';
import { newSeed } from '../support/seeded-random.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { DurableKind } from './support/durable-kinds.ts';
import { type KillPlan, killRounds } from './support/kill-rounds.ts';

const ROUNDS = 50;
const TRANSACTIONS = { moments: ['in a transaction'] } as const;
const CAMPAIGNS: [string, DurableKind, Pick<KillPlan, 'moments'>][] = [
  ['a sqlite store', 'sqlite', {}],
  ['a file store', 'file', {}],
  ['transactions of a file store', 'file', TRANSACTIONS],
];

test.for(CAMPAIGNS)(
  `kill -9, ${ROUNDS} rounds on %s: every acknowledged run is there and whole`,
  async ([name, kind, moments]) => {
    const seed = newSeed();
    onTestFailed(() => console.error(`repeat with RUNLEDGER_SEED=${seed}`));
    const plan = { kind, rounds: ROUNDS, seed, folder: temporaryFolder(), ...moments };
    const { acknowledged, amidStep, problems } = await killRounds(plan);
    console.log(
      `kill -9 on ${name}: ${ROUNDS} rounds, ${amidStep} amid a step, ${acknowledged} acknowledged writes`,
    );
    expect(problems).toEqual([]);
    expect(amidStep).toBeGreaterThan(0);
  },
);
