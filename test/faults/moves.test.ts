import { expect, onTestFailed } from 'vitest';
import { newestServer } from '../support/postgres/fresh-store.ts';
import { newSeed, seededRandom } from '../support/seeded-random.ts';
import { folderInMemory } from '../support/temporary-folder.ts';
import { testOn, testWhere } from '../support/test-where.ts';
import { cli } from './support/cli.ts';
import { cutOverUnderWriter } from './support/cut-over-under-writer.ts';
import {
  addressOf,
  contentsOf,
  fillStore,
  type MovedKind,
  runWithKills,
} from './support/moving-store.ts';
import { PATIENCE } from './support/patience.ts';

const RUNS = 1_000;
const KILLS = 2;

function move(from: MovedKind, to: MovedKind) {
  const isOnServer = from === 'postgres' || to === 'postgres';
  const test = isOnServer ? testOn(newestServer()) : testWhere(null);
  test(
    `${from} to ${to}, killed on its way: nothing missing, doubled or changed`,
    PATIENCE,
    async () => {
      const seed = newSeed();
      onTestFailed(() => console.error(`repeat with RUNLEDGER_SEED=${seed}`));
      const folder = folderInMemory();
      const [source, target] = [addressOf(from, folder, 'a'), addressOf(to, folder, 'b')];
      await fillStore(source, RUNS);
      const expected = await contentsOf(source);
      const command = cli('migrate', '--from', source, '--to', target, '--json');
      const random = seededRandom(seed);
      const { report } = await runWithKills(command, { kills: KILLS, longestMs: 900, random });
      expect(report).toMatchObject({ differences: [], verified: expected.size });
      expect(await contentsOf(target)).toEqual(expected);
    },
  );
}

move('sqlite', 'file');
move('postgres', 'sqlite');

testWhere(null)(
  'a cut-over under a writer loses nothing that was acknowledged',
  PATIENCE,
  async () => {
    const seed = newSeed();
    onTestFailed(() => console.error(`repeat with RUNLEDGER_SEED=${seed}`));
    const folder = folderInMemory();
    const [source, target] = [addressOf('sqlite', folder, 'a'), addressOf('sqlite', folder, 'b')];
    await fillStore(source, 600);
    const plan = { source, target, rate: 100, followMs: 1_000, seed };
    const { acknowledged, refused, report } = await cutOverUnderWriter(plan);
    expect(acknowledged).toBeGreaterThan(20);
    expect(refused).toBe('MOVED');
    expect(report).toMatchObject({ isMoved: true, differences: [] });
  },
);
