import { expect, onTestFailed, test } from 'vitest';
import { newestServer } from '../support/postgres/fresh-store.ts';
import { newSeed } from '../support/seeded-random.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { missingOf } from '../support/test-where.ts';
import { cutOverUnderWriter } from './support/cut-over-under-writer.ts';
import { addressOf, fillStore, MOVES } from './support/moving-store.ts';

const RUNS = 20_000;
const RATE = 200;

test.for(MOVES)(
  `%s to %s: a cut-over under ${RATE} writes a second`,
  async ([from, to], { skip }) => {
    const missing = missingOf(newestServer());
    if (missing !== null && (from === 'postgres' || to === 'postgres')) skip(missing);
    const seed = newSeed();
    onTestFailed(() => console.error(`repeat with RUNLEDGER_SEED=${seed}`));
    const folder = temporaryFolder();
    const [source, target] = [addressOf(from, folder, 'a'), addressOf(to, folder, 'b')];
    await fillStore(source, RUNS);
    const plan = { source, target, rate: RATE, followMs: 10_000, seed };
    const { acknowledged, refused, report } = await cutOverUnderWriter(plan);
    console.log(`${from} to ${to}: ${acknowledged} acknowledged, refused with ${refused}`);
    expect(refused).toBe('MOVED');
    expect(report).toMatchObject({ isMoved: true, differences: [] });
  },
);
