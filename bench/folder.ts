import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { guardRepository } from '../src/repository/guard/guarded-repository.ts';
import { openFileStore } from '../src/stores/file/open-file-store.ts';
import { type Benchmark, compared, type Finding } from './benchmark.ts';
import { compareReads, findAny, type ReadCall } from './growing-reads.ts';
import { compare, timed } from './harness.ts';
import { buildProgram, runBuilt } from './resident-memory.ts';
import { sampleRuns } from './sample-runs.ts';
import { ScratchFolder } from './scratch-folder.ts';

const SMALL = 1000;
const MEMORY_MB = 200;
const OPEN = 'open';
const BARE = 'readdir and stat';

/** What a folder of very many run files costs: opening it, reading it, migrating it. */
export const folder: Benchmark = {
  name: 'folder',
  about: 'a folder of 100,000 run files: opening against a bare readdir, list and findById, memory',
  async run({ isQuick, progress }) {
    const large = isQuick ? 10_000 : 100_000;
    const rounds = isQuick ? 5 : 21;
    using scratch = new ScratchFolder();
    const fill = (count: number) => {
      progress(`writing ${count} files`);
      const path = scratch.newFolder();
      writeRunFiles(path, count);
      return path;
    };
    const [largePath, smallPath] = [fill(large), fill(SMALL)];
    progress(`migrating ${large} files`);
    buildProgram();
    const migrate = [
      'migrate',
      '--from',
      `file:${largePath}`,
      '--to',
      `sqlite:${scratch.newFile()}`,
    ];
    const findings: Finding[] = [
      {
        what: `migrating a folder of ${large} files to SQLite`,
        megabytes: runBuilt(migrate).megabytes,
        atMost: MEMORY_MB,
      },
    ];
    progress(`making the index of ${large} files`);
    const open = async (path: string, count: number) => {
      const repository = guardRepository(await openFileStore({ path }));
      return { name: `${count} runs`, count, repository };
    };
    await (await open(largePath, large)).repository.close();

    progress(`opening, ${rounds} rounds`);
    const times = await compare(
      [
        { name: OPEN, round: () => timedOpening(largePath) },
        { name: BARE, round: () => timed(() => statAll(largePath)) },
      ],
      { rounds, warmUps: 2 },
    );
    findings.push(
      compared(times, {
        what: `opening a folder of ${large} files, its index warm`,
        of: [OPEN, BARE],
        measure: 'time',
        target: { atMost: 1.5 },
        perRound: 1,
      }),
    );

    const stores = [await open(largePath, large), await open(smallPath, SMALL)] as const;
    const calls: [string, ReadCall, number][] = [
      ['list of 50 without a filter', ({ repository }) => repository.list({}, { limit: 50 }), 40],
      [
        'list of 50 by status',
        ({ repository }) => repository.list({ status: 'FAILED' }, { limit: 50 }),
        40,
      ],
      ['findById', findAny, 200],
    ];
    for (const [what, call, perRound] of calls) {
      progress(what);
      const extent = { calls: perRound, rounds: isQuick ? 5 : 41 };
      findings.push(await compareReads(stores, `${what} from files`, call, extent));
    }
    for (const { repository } of stores) await repository.close();
    return findings;
  },
};

/** The milliseconds of opening alone: what follows is closed outside the clock. */
async function timedOpening(path: string): Promise<number> {
  const start = performance.now();
  const store = await openFileStore({ path });
  const took = performance.now() - start;
  await store.close();
  return took;
}

/** The least that it takes to see which files of a folder changed. */
function statAll(path: string): number {
  let bytes = 0;
  for (const name of readdirSync(path)) bytes += statSync(join(path, name)).size;
  return bytes;
}

function writeRunFiles(path: string, count: number): void {
  mkdirSync(path, { recursive: true });
  for (const run of sampleRuns(count)) {
    writeFileSync(join(path, `${run.id}.json`), JSON.stringify(run, null, 2));
  }
}
