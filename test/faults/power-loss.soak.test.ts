import { expect, onTestFailed, test } from 'vitest';
import { mountRefusal } from '../support/mount-namespace.ts';
import { newSeed } from '../support/seeded-random.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { DURABLE_KINDS } from './support/durable-kinds.ts';
import { cutPowerUnder } from './support/power-loss.ts';

const MACHINES = 10;
const CUTS = 6;
const refusal = mountRefusal('ext4');

test.for(DURABLE_KINDS)(
  `${MACHINES} times ${CUTS} power cuts under a %s store: every acknowledged run is there`,
  async (kind, { skip }) => {
    skip(refusal !== null, refusal ?? '');
    const seed = newSeed();
    onTestFailed(() => console.error(`repeat with RUNLEDGER_SEED=${seed}`));
    let acknowledged = 0;
    for (let machine = 0; machine < MACHINES; machine += 1) {
      const options = { cuts: CUTS, seed: seed + machine, folder: temporaryFolder() };
      const report = await cutPowerUnder(kind, options);
      acknowledged += report.acknowledged;
      expect(report.problems).toEqual([]);
    }
    console.log(`${kind}: ${MACHINES * CUTS} power cuts, ${acknowledged} acknowledged writes`);
    expect(acknowledged).toBeGreaterThan(0);
  },
);
