import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFailed, test } from 'vitest';
import { openRunRepository } from '../../src/index.ts';
import { runChild, startChild } from '../support/child.ts';
import { newSeed, seededRandom } from '../support/seeded-random.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { cli } from './support/cli.ts';
import { inspectStore } from './support/inspect-store.ts';
import { writeRunFolder } from './support/run-folder.ts';

const RUNS = 2000;
/** More than the tables of an empty store need, less than the runs: the copy has begun. */
const BEGUN_BYTES = 1_000_000;

const migrate = (source: string, target: string, ...more: string[]) =>
  cli('migrate', '--from', `file:${source}`, '--to', `sqlite:${target}`, ...more);

test.for([
  ['SIGINT', { code: 130, signal: null }],
  ['SIGTERM', { code: 143, signal: null }],
  ['SIGKILL', { code: null, signal: 'SIGKILL' }],
] as const)(
  '%s amid a migration leaves whole batches, and the next one completes it',
  async ([signal, end]) => {
    const seed = newSeed();
    onTestFailed(() => console.error(`repeat with RUNLEDGER_SEED=${seed}`));
    const folder = temporaryFolder();
    const source = join(folder, 'source');
    const digests = writeRunFolder(source, RUNS);
    const undisturbed = join(folder, 'undisturbed.db');
    const disturbed = join(folder, 'disturbed.db');
    expect(await runChild(migrate(source, undisturbed))).toMatchObject({ code: 0 });

    const child = startChild(migrate(source, disturbed));
    await begun(disturbed);
    await delay(seededRandom(seed).integer(0, 300));
    child.kill(signal);
    const ended = await child.ended;
    expect(ended).toMatchObject({ ...end, stdout: '' });
    expect(ended.stderr).toMatch(signal === 'SIGKILL' ? /^$/ : /^interrupted: .*\n$/);

    const found = await inspectStore(disturbed);
    for (const [id, digest] of found) expect(digest).toBe(digests.get(id));
    const batches = await batchesOf(disturbed);
    expect(await batchesOf(undisturbed)).toEqual(expect.arrayContaining(batches));
    expect(batches.flat()).toHaveLength(found.size);

    const again = await runChild(migrate(source, disturbed, '--json'));
    expect(again).toMatchObject({ code: 0, stderr: '' });
    const report = { read: RUNS, written: RUNS - found.size, unchanged: found.size };
    expect(JSON.parse(again.stdout)).toMatchObject({ ...report, verified: RUNS, differences: [] });
    expect(await inspectStore(disturbed)).toEqual(digests);
    expect(await versionsOf(disturbed)).toEqual(await versionsOf(undisturbed));
  },
);

/** Waits until a copy into that database has begun. */
async function begun(path: string): Promise<void> {
  const size = () => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  while (size() < BEGUN_BYTES) await delay(2);
}

/** The ids of each transaction of a store, in order. */
async function batchesOf(path: string): Promise<string[][]> {
  const repository = await openRunRepository(`sqlite:${path}`);
  const changes = await Array.fromAsync(repository.changes());
  await repository.close();
  const batches = Map.groupBy(changes, ({ transaction }) => transaction);
  return [...batches.values()].map((batch) => batch.map(({ runId }) => runId).sort());
}

/** How often each run was written. */
async function versionsOf(path: string): Promise<Map<string, number>> {
  const repository = await openRunRepository(`sqlite:${path}`);
  const runs = await Array.fromAsync(repository.stream());
  await repository.close();
  return new Map(runs.map(({ id, version }) => [id, version]));
}
