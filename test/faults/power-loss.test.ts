import { describe, expect, onTestFailed, test } from 'vitest';
import { mountRefusal } from '../support/mount-namespace.ts';
import { newSeed } from '../support/seeded-random.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { DURABLE_KINDS } from './support/durable-kinds.ts';
import { PATIENCE } from './support/patience.ts';
import { cutPowerUnder, type WriterName } from './support/power-loss.ts';

const CUTS = 4;
const refusal = mountRefusal('ext4');

async function cutPower(writer: WriterName) {
  const seed = newSeed();
  onTestFailed(() => console.error(`repeat with RUNLEDGER_SEED=${seed}`));
  const report = await cutPowerUnder(writer, { cuts: CUTS, seed, folder: temporaryFolder() });
  console.log(`${writer}: ${CUTS} power cuts, ${report.acknowledged} acknowledged writes`);
  expect(report.acknowledged).toBeGreaterThan(0);
  return report;
}

describe('after a power cut', PATIENCE, () => {
  test.for(DURABLE_KINDS)(
    'every acknowledged run of a %s store is there',
    async (kind, { skip }) => {
      skip(refusal !== null, refusal ?? '');
      expect((await cutPower(kind)).problems).toEqual([]);
    },
  );

  test('a database that does not flush has lost rows: the test can see it', async ({ skip }) => {
    skip(refusal !== null, refusal ?? '');
    expect((await cutPower('bare NORMAL')).problems).not.toEqual([]);
  });

  test('a database that flushes has not: the loss is no fault of the test', async ({ skip }) => {
    skip(refusal !== null, refusal ?? '');
    expect((await cutPower('bare FULL')).problems).toEqual([]);
  });
});
