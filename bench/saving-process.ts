// Saves one run after another, with a pause between them, until its standard input ends. A line `begin`
// starts counting anew, and is answered; `end` prints the 99th percentile of the milliseconds that a save took, and how many
// there were. Arguments: the database, the number of the first run.
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { timed } from './harness.ts';
import { sampleRuns } from './sample-runs.ts';
import { openRepository } from './sample-store.ts';

const PAUSE_MS = 4;
const [path = '', first] = process.argv.slice(2);
const repository = await openRepository(path);
let took: number[] = [];
let isOver = false;

createInterface(process.stdin)
  .on('line', (line) => {
    if (line === 'begin') {
      took = [];
      process.stdout.write('begun\n');
    } else
      process.stdout.write(`${JSON.stringify({ p99: percentile99(took), saves: took.length })}\n`);
  })
  .on('close', () => {
    isOver = true;
  });
for (const run of sampleRuns(Number.MAX_SAFE_INTEGER, Number(first))) {
  if (isOver) break;
  took.push(await timed(() => repository.save(run)));
  await setTimeout(PAUSE_MS);
}
await repository.close();

function percentile99(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN;
}
