import type { AgentRun } from '../src/domain/run.ts';
import { BareLoop } from './bare-loop.ts';
import type { Benchmark } from './benchmark.ts';
import { BARE, BARE_WITHOUT_LEDGER, comparedSaves } from './compared-saves.ts';
import { compare, summedUp, timed } from './harness.ts';
import { sampleRuns } from './sample-runs.ts';
import { makeDatabase, openRepository } from './sample-store.ts';
import { ScratchFolder } from './scratch-folder.ts';
import { readRunRows } from './table-rows.ts';

const PER_ROUND = 100;
/** A call that was never made before is slow for a while: until the engine has compiled its way. */
const WARM_UPS = 3000;
const SAVE = 'save';

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
      contestant(SAVE, (number) => repository.save(runs[number] as AgentRun)),
      contestant(BARE, (number) => bare.saveOne(number)),
      contestant(BARE_WITHOUT_LEDGER, (number) => noLedger.saveOne(number)),
    ];
    // They take turns save by save: a disk that others keep busy is then as busy for each of them.
    const each = await compare(contestants, { rounds: saves, warmUps: WARM_UPS });
    const times = summedUp(each, PER_ROUND);
    await repository.close();
    return comparedSaves(times, {
      store: SAVE,
      what: 'single save (FULL)',
      whatOfLedger: 'ledger, single (FULL)',
      atLeast: 0.7,
      perRound: PER_ROUND,
    });
  },
};
