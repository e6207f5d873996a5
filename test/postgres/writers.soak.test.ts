import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'vitest';
import { freshSchema, newestServer } from '../support/postgres/fresh-store.ts';
import { testOn } from '../support/test-where.ts';
import { writeTogether } from './support/write-together.ts';

const server = newestServer();
const test = testOn(server);

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** What is in use when nothing is left to collect, in megabytes. */
function memoryInUse(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1e6;
}

test('64 writers share a pool of 10 for a minute, and memory stays as it was', async () => {
  const used: number[] = [];
  let steps = 0;
  await writeTogether((await freshSchema(server)).url, 60_000, () => {
    steps += 1;
    if (steps % 500 === 0) used.push(memoryInUse());
  });
  const [first = 0, last = 0] = [used[0], used.at(-1)];
  process.stdout.write(
    `${steps} steps, ${first.toFixed(0)} MB, ${last.toFixed(0)} MB at the end\n`,
  );
  expect(last).toBeLessThan(1.5 * first + 10);
});
