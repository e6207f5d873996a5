import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { inputOf, makeRun, RECOVERABLE } from '../../../src/conformance/make-run.ts';
import { largeText } from '../../../src/conformance/samples/text-samples.ts';
import { guardRepository } from '../../../src/repository/guard/guarded-repository.ts';
import {
  freshSchema,
  openStore,
  targetOf,
  testServers,
  withClient,
} from '../../support/postgres/fresh-store.ts';
import { testOn } from '../../support/test-where.ts';

const FOLDER = join(import.meta.dirname, '../../../examples/sql');
const HOUR = 3_600_000;

/** The rows of a query of the examples, with the search path on the schema of a store. */
async function ask(url: string, file: string): Promise<Record<string, unknown>[]> {
  const sql = readFileSync(join(FOLDER, file), 'utf8');
  return await withClient(url, async (client) => {
    await client.query(`SET search_path TO ${targetOf(url).schema}`);
    return (await client.query(sql)).rows;
  });
}

/** A run that started so many hours ago. */
const ago = (hours: number, number: number, fields: Parameters<typeof makeRun>[1] = {}) =>
  makeRun(number, { startedAt: new Date(Date.now() - hours * HOUR).toISOString(), ...fields });

for (const server of testServers()) {
  const test = testOn(server);

  describe(`the queries of the examples on ${server.name}`, () => {
    test('failed runs of the last day, the newest first', async () => {
      const { url } = await freshSchema(server);
      const repository = guardRepository(await openStore(url));
      await repository.saveMany([
        ago(2, 1, { status: 'FAILED', error: RECOVERABLE }),
        ago(1, 2, { status: 'FAILED', error: RECOVERABLE }),
        ago(30, 3, { status: 'FAILED', error: RECOVERABLE }),
        ago(1, 4),
      ]);
      const rows = await ask(url, 'failed-last-day.sql');
      expect(rows.map(({ id }) => id)).toEqual([2, 1].map((number) => makeRun(number).id));
      expect(rows[0]).toMatchObject({
        status: 'FAILED',
        prompt: 'prompt number 2',
        error_message: RECOVERABLE.message,
      });
      expect(rows[0]?.started_at).toBeInstanceOf(Date);
      await repository.close();
    });

    test('figures of each repository, as `stats` has them', async () => {
      const { url } = await freshSchema(server);
      const repository = guardRepository(await openStore(url));
      await repository.saveMany([
        ...[100, 200, 400].map((duration, at) => ago(at, at, { duration, repository: 'acme/app' })),
        ago(1, 8, { status: 'FAILED', error: RECOVERABLE, repository: 'acme/app' }),
        ago(1, 9, { duration: 5, repository: 'acme/api' }),
      ]);
      const { byRepository } = await repository.statistics();
      const rows = await ask(url, 'repository-performance.sql');
      expect(rows).toEqual(
        byRepository
          .toSorted((a, b) => b.totalRuns - a.totalRuns)
          .map(({ repository: name, totalRuns, averageDuration, p95Duration, successRate }) => ({
            repository: name,
            total_runs: String(totalRuns),
            avg_duration_ms: expect.stringContaining(String(Math.floor(averageDuration ?? 0))),
            p95_duration: p95Duration,
            success_rate: successRate,
          })),
      );
      await repository.close();
    });

    test('similar prompts, the best first, whatever else is stored', async () => {
      const { url } = await freshSchema(server);
      const repository = guardRepository(await openStore(url));
      await repository.saveMany([
        ago(1, 1, { input: inputOf('Write a commit message for this generation step.') }),
        ago(1, 2, { input: inputOf('commit message generation: commit messages, generated') }),
        ago(1, 3, { input: inputOf('Generate a report.') }),
        // More words than a tsvector holds.
        ago(1, 4, { input: inputOf(`commit message generation ${largeText(6e6)}`) }),
      ]);
      const rows = await ask(url, 'similar-prompts.sql');
      expect(rows.map(({ id }) => id).sort()).toEqual([1, 2, 4].map((one) => makeRun(one).id));
      const ranks = rows.map(({ rank }) => Number(rank));
      expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
      await repository.close();
    });
  });
}
