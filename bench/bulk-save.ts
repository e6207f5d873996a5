import { deepStrictEqual } from 'node:assert/strict';
import { BareLoop } from './bare-loop.ts';
import type { Benchmark } from './benchmark.ts';
import { BARE, BARE_WITHOUT_LEDGER, comparedSaves } from './compared-saves.ts';
import { collectGarbage, compare, timed } from './harness.ts';
import { sampleRuns } from './sample-runs.ts';
import { makeDatabase, openRepository } from './sample-store.ts';
import { ScratchFolder } from './scratch-folder.ts';
import { countRows, readRunRows } from './table-rows.ts';

const SAVE_MANY = 'saveMany';

/** `saveMany` against the bare loop, and the bare loop against itself without the ledger. */
export const bulkSave: Benchmark = {
  name: 'bulk-save',
  about:
    'saveMany of 20,000 runs against a bare loop of prepared statements; what the ledger costs',
  async run({ isQuick, progress }) {
    const count = isQuick ? 1000 : 20_000;
    const rounds = isQuick ? 2 : 9;
    using folder = new ScratchFolder();
    const runs = [...sampleRuns(count)];
    progress(`working out the rows of ${count} runs`);
    const filled = folder.newFile();
    await makeDatabase(filled, runs);
    const rows = readRunRows(
      filled,
      runs.map(({ id }) => id),
    );

    const bareRound = (without?: string) => async () => {
      const path = folder.newFile();
      await makeDatabase(path);
      const loop = new BareLoop(path, rows, without);
      collectGarbage();
      const ms = await timed(() => loop.saveAll());
      loop.close();
      // A loop that filled less than the store does would compare nothing.
      if (without === undefined) deepStrictEqual(countRows(path), countRows(filled));
      folder.remove(path);
      return ms;
    };
    const storeRound = async () => {
      const path = folder.newFile();
      const repository = await openRepository(path);
      collectGarbage();
      const ms = await timed(() => repository.saveMany(runs));
      await repository.close();
      folder.remove(path);
      return ms;
    };
    progress(`saving ${count} runs, ${rounds} rounds`);
    const contestants = [
      { name: SAVE_MANY, round: storeRound },
      { name: BARE, round: bareRound() },
      { name: BARE_WITHOUT_LEDGER, round: bareRound('run_changes') },
    ];
    const times = await compare(contestants, { rounds, warmUps: 1 });
    return comparedSaves(times, {
      store: SAVE_MANY,
      what: 'bulk save',
      whatOfLedger: 'ledger, bulk',
      atLeast: 0.75,
      perRound: count,
    });
  },
};
