import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Amount, Benchmark, Comparison } from './benchmark.ts';
import { median } from './harness.ts';
import { buildProgram, runBuilt } from './resident-memory.ts';
import { sampleRuns } from './sample-runs.ts';
import { makeDatabase } from './sample-store.ts';
import { ScratchFolder } from './scratch-folder.ts';

const SAVING_PROCESS = fileURLToPath(new URL('saving-process.ts', import.meta.url));
const MEMORY_MB = 250;
/** How long a writer by itself is watched. */
const ALONE_MS = 20_000;

/** What a writer had to wait for. */
interface Waits {
  p99: number;
  saves: number;
}

/** A backup of a database while another process writes to it. */
export const backup: Benchmark = {
  name: 'backup',
  about: 'a writer beside a backup of 200,000 runs on SQLite, against itself alone; memory',
  async run({ isQuick, progress }) {
    const count = isQuick ? 5_000 : 200_000;
    const rounds = isQuick ? 1 : 3;
    using scratch = new ScratchFolder();
    const path = scratch.newFile();
    progress(`writing ${count} runs`);
    await makeDatabase(path, sampleRuns(count));
    buildProgram();
    const writer = startWriter(path, count);
    const folder = scratch.newFolder();
    const waits: { alone: Waits; meanwhile: Waits; megabytes: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const alone = await writer.waits(() => setTimeout(isQuick ? 3_000 : ALONE_MS));
      progress(`${alone.saves} saves alone, then a backup`);
      let megabytes = 0;
      const meanwhile = await writer.waits(async () => {
        megabytes = backUp(path, join(folder, `${round}.ndjson.zst`));
      });
      progress(`${meanwhile.saves} saves meanwhile`);
      waits.push({ alone, meanwhile, megabytes });
    }
    await writer.end();
    const middle = (of: 'alone' | 'meanwhile') => median(waits.map((one) => one[of].p99)) * 1000;
    const comparison: Comparison = {
      what: `slowest of a hundred saves while ${count} runs are backed up`,
      contestants: [
        { name: 'meanwhile', microseconds: middle('meanwhile') },
        { name: 'alone', microseconds: middle('alone') },
      ],
      measure: 'time',
      ratios: waits.map(({ meanwhile, alone }) => meanwhile.p99 / alone.p99),
      target: { atMost: 3 },
    };
    const memory: Amount = {
      what: `backing up ${count} runs while another process writes`,
      megabytes: Math.max(...waits.map(({ megabytes }) => megabytes)),
      atMost: MEMORY_MB,
    };
    return [comparison, memory];
  },
};

/** Makes one and gives the memory that it took. Who only inserts leaves a change for each run. */
function backUp(path: string, out: string): number {
  const { stdout, megabytes } = runBuilt([
    'backup',
    '--store',
    `sqlite:${path}`,
    '--out',
    out,
    '--json',
  ]);
  const { runs, changes } = JSON.parse(stdout).manifest.counts;
  if (runs !== changes)
    throw new Error(`It has ${runs} runs of ${changes} changes: no one moment.`);
  return megabytes;
}

function startWriter(path: string, first: number) {
  const child = spawn(process.execPath, [SAVING_PROCESS, path, String(first)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    /** What it waited for while something else was done. */
    async waits(work: () => Promise<unknown>): Promise<Waits> {
      child.stdin.write('begin\n');
      await lines.next();
      await work();
      child.stdin.write('end\n');
      return JSON.parse((await lines.next()).value ?? '') as Waits;
    },
    async end(): Promise<void> {
      child.stdin.end();
      await once(child, 'close');
    },
  };
}
