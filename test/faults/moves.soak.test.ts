import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { beforeAll, expect, onTestFailed, test } from 'vitest';
import { newestServer } from '../support/postgres/fresh-store.ts';
import { newSeed, seededRandom } from '../support/seeded-random.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { missingOf } from '../support/test-where.ts';
import { addressOf, contentsOf, fillStore, MOVES, runWithKills } from './support/moving-store.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PROGRAM = [process.execPath, join(ROOT, 'bin/runledger.js'), 'migrate'];
const RUNS = Number(process.env.RUNLEDGER_MOVED_RUNS ?? 20_000);
const KILLS = Number(process.env.RUNLEDGER_KILLS ?? 20);
const MOST_MEMORY = 250;

beforeAll(() => {
  expect(spawnSync(process.execPath, [join(ROOT, 'scripts/build.mjs')]).status).toBe(0);
});

test.for(MOVES)(
  `%s to %s, killed at ${KILLS} moments: nothing missing, doubled or changed`,
  async ([from, to], { skip }) => {
    const missing = missingOf(newestServer());
    if (missing !== null && (from === 'postgres' || to === 'postgres')) skip(missing);
    const seed = newSeed();
    onTestFailed(() => console.error(`repeat with RUNLEDGER_SEED=${seed}`));
    const random = seededRandom(seed);
    const folder = temporaryFolder();
    const source = addressOf(from, folder, 'source');
    await fillStore(source, RUNS);
    const expected = await contentsOf(source);

    let kills = 0;
    let mostMemory = 0;
    for (let round = 0; kills < KILLS || round === 0; round += 1) {
      const target = addressOf(to, folder, `target-${round}`);
      const command = [...PROGRAM, '--from', source, '--to', target, '--json'];
      const moved = await runWithKills(command, {
        kills: KILLS - kills,
        longestMs: 300 + RUNS / 10,
        random,
      });
      kills += moved.kills;
      mostMemory = Math.max(mostMemory, moved.mostMemory);
      expect(moved.report).toMatchObject({ differences: [], verified: expected.size });
      expect(await contentsOf(target)).toEqual(expected);
    }
    console.log(`${from} to ${to}: ${RUNS} runs, ${kills} kills, at most ${mostMemory} MB`);
    expect(mostMemory).toBeLessThan(MOST_MEMORY);
  },
);
