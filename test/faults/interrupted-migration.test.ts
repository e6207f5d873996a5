import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest';
import { openRunRepository, type RunChange } from '../../src/index.ts';
import { runChild, startChild } from '../support/child.ts';
import { newSeed, seededRandom } from '../support/seeded-random.ts';
import { cli } from './support/cli.ts';
import type { StoredDigests } from './support/history.ts';
import { inspectStore } from './support/inspect-store.ts';
import { PATIENCE } from './support/patience.ts';
import { writeRunFolder } from './support/run-folder.ts';

const RUNS = 2000;
/** As `migrate` promises for runs as small as these. */
const BATCH_RUNS = 500;
/** More than the tables of an empty store need, less than the runs: the copy has begun. */
const BEGUN_BYTES = 1_000_000;

const migrate = (source: string, target: string, ...more: string[]) =>
  cli('migrate', '--from', `file:${source}`, '--to', `sqlite:${target}`, ...more);

describe('a migration that is ended in its middle', PATIENCE, () => {
  let folder = '';
  let source = '';
  let digests: StoredDigests = new Map();
  let undisturbed: RunChange[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'runledger-migration-'));
    source = join(folder, 'source');
    digests = writeRunFolder(source, RUNS);
    const target = join(folder, 'undisturbed.db');
    expect(await runChild(migrate(source, target))).toMatchObject({ code: 0 });
    undisturbed = await changesOf(target);
  }, PATIENCE.timeout);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.for([
    ['SIGINT', { code: 130, signal: null }, /^interrupted: .*$/],
    ['SIGTERM', { code: 143, signal: null }, /^interrupted: .*$/],
    ['SIGKILL', { code: null, signal: 'SIGKILL' }, /^$/],
  ] as const)(
    'by %s leaves whole batches, and the next one completes it',
    async ([signal, end, lastWords]) => {
      const seed = newSeed();
      onTestFailed(() => console.error(`repeat with RUNLEDGER_SEED=${seed}`));
      const target = join(folder, `${signal}.db`);
      const child = startChild(migrate(source, target));
      await begun(target);
      await delay(seededRandom(seed).integer(0, 300));
      child.kill(signal);
      const ended = await child.ended;
      expect(ended).toMatchObject({ ...end, stdout: '' });
      expect(withoutProgress(ended.stderr)).toMatch(lastWords);

      const found = await inspectStore(`sqlite:${target}`);
      expect(found).toEqual(new Map([...digests].filter(([id]) => found.has(id))));
      const batches = batchesOf(await changesOf(target));
      expect(batches.map(({ length }) => length)).toEqual(batches.map(() => BATCH_RUNS));
      expect(batches.flat().sort()).toEqual([...found.keys()].sort());

      const again = await runChild(migrate(source, target, '--json'));
      expect(again.code).toBe(0);
      const counts = { read: RUNS, written: RUNS - found.size, unchanged: found.size };
      expect(JSON.parse(again.stdout)).toMatchObject({
        ...counts,
        verified: RUNS,
        differences: [],
      });
      expect(await inspectStore(`sqlite:${target}`)).toEqual(digests);
      expect(writesOf(await changesOf(target))).toEqual(writesOf(undisturbed));
    },
  );
});

/** Waits until a copy into that database has begun. */
async function begun(path: string): Promise<void> {
  const size = () => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  while (size() < BEGUN_BYTES) await delay(2);
}

/** What was said on standard error apart from how far it is, which depends on the machine. */
function withoutProgress(text: string): string {
  return text.replace(/^\w[\w ]*: [\d,]+( of [\d,]+)?\n/gm, '').trimEnd();
}

async function changesOf(path: string): Promise<RunChange[]> {
  const repository = await openRunRepository(`sqlite:${path}`);
  const changes = await Array.fromAsync(repository.changes());
  await repository.close();
  return changes;
}

/** The runs of each transaction. */
function batchesOf(changes: readonly RunChange[]): string[][] {
  const batches = Map.groupBy(changes, ({ transaction }) => transaction);
  return [...batches.values()].map((batch) => batch.map(({ runId }) => runId).sort());
}

/** What was written, whenever and in whatever order. */
function writesOf(changes: readonly RunChange[]): string[] {
  return changes
    .map(({ operation, runId, version, digest, origin }) =>
      [operation, runId, version, digest, origin].join(' '),
    )
    .sort();
}
