import type { AgentRun } from '../src/domain/run.ts';
import { BareLoop } from './bare-loop.ts';
import { type Benchmark, compared } from './benchmark.ts';
import { compare, summedUp, timed } from './harness.ts';
import { sampleRuns } from './sample-runs.ts';
import { makeDatabase, openRepository } from './sample-store.ts';
import { ScratchFolder } from './scratch-folder.ts';
import { readRunRows } from './table-rows.ts';

const PER_ROUND = 100;
/** A call that was never made before is slow for a while: until the engine has compiled its way. */
const WARM_UPS = 3000;
const NAMES = { store: 'save', bare: 'bare loop', noLedger: 'bare loop without ledger' };

/** `save`, each safe from a power cut before the next begins, against the bare loop. */
export const singleSave: Benchmark = {
  name: 'single-save',
  about: 'save of one run (FULL) against a bare loop of prepared statements; what the ledger costs',
  async run({ isQuick, progress }) {
    const saves = PER_ROUND * (isQuick ? 5 : 60);
    const count = saves + WARM_UPS;
    using folder = new ScratchFolder();
    const runs = [...sampleRuns(count)];
    progress(`working out the rows of ${count} runs`);
    const filled = folder.newFile();
    await makeDatabase(filled, runs);
    const rows = readRunRows(
      filled,
      runs.map(({ id }) => id),
    );

    const openLoop = async (without?: string) => {
      const path = folder.newFile();
      await makeDatabase(path);
      return new BareLoop(path, rows, without);
    };
    using bare = await openLoop();
    using noLedger = await openLoop('run_changes');
    const repository = await openRepository(folder.newFile());
    progress(`saving ${saves} runs one by one`);
    const contestant = (name: string, work: (number: number) => unknown) => ({
      name,
      round: (number: number) => timed(() => work(number)),
    });
    const contestants = [
      contestant(NAMES.store, (number) => repository.save(runs[number] as AgentRun)),
      contestant(NAMES.bare, (number) => bare.saveOne(number)),
      contestant(NAMES.noLedger, (number) => noLedger.saveOne(number)),
    ];
    // They take turns save by save: a disk that others keep busy is then as busy for each of them.
    const each = await compare(contestants, { rounds: saves, warmUps: WARM_UPS });
    const times = summedUp(each, PER_ROUND);
    await repository.close();
    return [
      compared(times, {
        what: 'single save (FULL)',
        of: [NAMES.store, NAMES.bare],
        measure: 'speed',
        target: { atLeast: 0.7 },
        perRound: PER_ROUND,
      }),
      compared(times, {
        what: 'ledger, single (FULL)',
        of: [NAMES.bare, NAMES.noLedger],
        measure: 'time',
        target: { atMost: 1.1 },
        perRound: PER_ROUND,
      }),
    ];
  },
};
