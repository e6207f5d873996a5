import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { makeRun } from '../../src/conformance/make-run.ts';
import { digestOf, openRunRepository } from '../../src/index.ts';
import { runChild } from '../support/child.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { addressIn, DURABLE_KINDS } from './support/durable-kinds.ts';
import { faultRun } from './support/fault-run.ts';
import { inspectStore } from './support/inspect-store.ts';
import { PATIENCE } from './support/patience.ts';
import { startTogether } from './support/start-together.ts';

const WRITERS = 8;
/** A save into a folder is three flushes of the disk. */
const WRITING = [
  { kind: 'sqlite', runsEach: 200 },
  { kind: 'file', runsEach: 80 },
] as const;
const CLAIMING_PROCESSES = 4;
const CLAIMERS_EACH = 5;
const QUEUED = 100;

const childOf = (name: string) => fileURLToPath(new URL(`support/${name}`, import.meta.url));

test.for(WRITING)(
  `${WRITERS} processes save $runsEach runs each to one $kind store that was not there`,
  PATIENCE,
  async ({ kind, runsEach }) => {
    const store = addressIn(temporaryFolder(), kind);
    const ended = await startTogether(
      Array.from({ length: WRITERS }, (_, writer) => [
        process.execPath,
        childOf('writing-child.ts'),
        store,
        `${writer * runsEach}`,
        `${runsEach}`,
      ]),
    );
    expect(ended.flatMap(({ lines }) => lines)).toEqual([]);
    expect(ended.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      Array(WRITERS).fill({ code: 0, stderr: '' }),
    );

    const all = Array.from({ length: WRITERS * runsEach }, (_, number) => faultRun(number));
    const stored = await inspectStore(store);
    expect(stored).toEqual(new Map(all.map((run) => [run.id, digestOf(run)])));
    const repository = await openRunRepository(store);
    const changes = await Array.fromAsync(repository.changes());
    await repository.close();
    expect(changes.filter(({ operation }) => operation !== 'insert')).toEqual([]);
    expect(changes).toHaveLength(WRITERS * runsEach);
    expect(new Set(changes.map(({ runId }) => runId))).toEqual(new Set(all.map(({ id }) => id)));
  },
);

test.for(DURABLE_KINDS)(
  `${CLAIMING_PROCESSES * CLAIMERS_EACH} claimers in ${CLAIMING_PROCESSES} processes get each of ${QUEUED} runs of a %s store once`,
  PATIENCE,
  async (kind) => {
    const store = addressIn(temporaryFolder(), kind);
    const repository = await openRunRepository(store);
    const queued = Array.from({ length: QUEUED }, (_, number) => faultRun(number));
    await repository.saveMany(queued.map((run) => ({ ...run, status: 'QUEUED' as const })));

    const command = [process.execPath, childOf('claiming-child.ts'), store, `${CLAIMERS_EACH}`];
    const ended = await startTogether(Array(CLAIMING_PROCESSES).fill(command));
    expect(ended.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      Array(CLAIMING_PROCESSES).fill({ code: 0, stderr: '' }),
    );
    const claimed = ended.flatMap(({ lines }) => lines);
    expect(claimed.toSorted()).toEqual(queued.map(({ id }) => id).toSorted());
    expect((await repository.list({ status: 'RUNNING' }, { limit: 1000 })).items).toHaveLength(
      QUEUED,
    );
    await repository.close();
  },
);

test('a process that does not close its store ends all the same', async () => {
  const entry = join(import.meta.dirname, '../../src/index.ts');
  const code = `const { openRunRepository } = await import(${JSON.stringify(pathToFileURL(entry).href)});
    const runs = await openRunRepository(${JSON.stringify(`file:${temporaryFolder()}`)});
    await runs.save(${JSON.stringify(makeRun(1))});
    process.stdout.write('saved');`;
  const child = await runChild([process.execPath, '--input-type=module', '-e', code]);
  expect(child).toMatchObject({ code: 0, stdout: 'saved' });
}, 20_000);
