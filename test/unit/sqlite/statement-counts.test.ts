import { describe, expect, test } from 'vitest';
import {
  idOf,
  makeRun,
  makeRuns,
  outputOf,
  RECOVERABLE,
} from '../../../src/conformance/make-run.ts';
import { deletion, put } from '../../../src/conformance/operations.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { newPath, openStore } from './support/store-file.ts';

const ATOMIC = { atomic: true };

/** What a call says to the database: the first words of each statement. */
async function statementsOf(
  store: RunStore,
  log: string[],
  call: (store: RunStore) => Promise<unknown>,
) {
  log.length = 0;
  await call(store);
  return log.map(
    (sql) =>
      /^(BEGIN|COMMIT|SELECT|(INSERT INTO|UPDATE|DELETE FROM|PRAGMA) \w+)/.exec(sql)?.[0] ?? sql,
  );
}

async function loggedStore() {
  const log: string[] = [];
  const store = await openStore({ path: newPath(), logging: ({ sql }) => log.push(sql) });
  await store.write(
    makeRuns(3).map((run) => put(run)),
    ATOMIC,
  );
  return {
    store,
    saying: (call: (store: RunStore) => Promise<unknown>) => statementsOf(store, log, call),
  };
}

describe('statements of a call', () => {
  test('a new run: the end of the ledger, its head, one row in each table', async () => {
    const { saying } = await loggedStore();
    const run = makeRun(9, { output: outputOf('done'), error: RECOVERABLE, tags: ['a'] });
    expect(await saying((store) => store.write([put(run)], ATOMIC))).toEqual([
      'BEGIN',
      'SELECT',
      'SELECT',
      'INSERT INTO agent_runs',
      'INSERT INTO agent_inputs',
      'INSERT INTO agent_outputs',
      'INSERT INTO run_errors',
      'INSERT INTO run_tags',
      'INSERT INTO run_changes',
      'COMMIT',
    ]);
  });

  test('a batch asks once for what exists', async () => {
    const { saying } = await loggedStore();
    const batch = Array.from({ length: 500 }, (_, number) => put(makeRun(100 + number)));
    const said = await saying((store) => store.write(batch, { atomic: false }));
    expect(said.filter((words) => words === 'SELECT')).toHaveLength(2);
    expect(said).toHaveLength(2 + 2 + 500 * 3);
  });

  test('a change writes the parts that changed', async () => {
    const { saying } = await loggedStore();
    const changed = makeRun(1, { output: outputOf('done') });
    const said = await saying((store) => store.write([put(changed)], ATOMIC));
    expect(said.filter((words) => words !== 'SELECT')).toEqual([
      'BEGIN',
      'UPDATE agent_runs',
      'INSERT INTO agent_outputs',
      'INSERT INTO run_changes',
      'COMMIT',
    ]);
  });

  test('a repeat writes nothing', async () => {
    const { saying } = await loggedStore();
    const said = await saying((store) => store.write([put(makeRun(1))], ATOMIC));
    expect(said).toEqual(['BEGIN', 'SELECT', 'SELECT', 'COMMIT']);
  });

  test('a page of summaries is one statement, a run without steps too', async () => {
    const { saying } = await loggedStore();
    const request = { filter: {}, order: 'newest' as const, after: null, limit: 50 };
    expect(await saying((store) => store.summaries(request))).toEqual([
      'BEGIN',
      'SELECT',
      'COMMIT',
    ]);
    expect(await saying((store) => store.read([idOf(1)]))).toEqual(['BEGIN', 'SELECT', 'COMMIT']);
  });

  test('a deletion leaves the parts to the database', async () => {
    const { saying } = await loggedStore();
    const said = await saying((store) => store.write([deletion(idOf(1))], ATOMIC));
    expect(said.filter((words) => words !== 'SELECT')).toEqual([
      'BEGIN',
      'DELETE FROM agent_runs',
      'INSERT INTO run_changes',
      'COMMIT',
    ]);
  });

  test('a statement is told with its time, and with its failure', async () => {
    const events: { sql: string; milliseconds: number; error?: unknown }[] = [];
    const store = await openStore({ path: newPath(), logging: (event) => events.push(event) });
    const twice = [put(makeRun(1)), put({ ...makeRun(2), status: null as never })];
    await expect(store.write(twice, ATOMIC)).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect(events.every(({ milliseconds }) => milliseconds >= 0)).toBe(true);
    const failed = events.filter(({ error }) => error !== undefined);
    expect(failed.map(({ sql }) => sql)).toEqual([
      expect.stringMatching(/^INSERT INTO agent_runs/),
    ]);
    expect((await store.read([idOf(1)])).size).toBe(0);
  });
});
