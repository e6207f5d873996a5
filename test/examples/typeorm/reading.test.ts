import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Between, type DataSource, type Repository } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AgentRunEntity } from '../../../examples/typeorm/entities/agent-run.ts';
import { RunChangeEntity } from '../../../examples/typeorm/entities/run-change.ts';
import { RunErrorEntity } from '../../../examples/typeorm/entities/run-error.ts';
import { putTextsBack } from '../../../examples/typeorm/put-texts-back.ts';
import type { AgentRun, RunChange } from '../../../examples/typeorm/rows.ts';
import { runDataSource } from '../../../examples/typeorm/run-data-source.ts';
import { SAMPLES } from '../../../src/conformance/samples/samples.ts';
import { EDGE_TEXTS } from '../../../src/conformance/samples/text-samples.ts';
import { openRunStore } from '../../../src/open-repository.ts';
import { guardRepository } from '../../../src/repository/guard/guarded-repository.ts';
import type { RunRepository } from '../../../src/repository/run-repository.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { runOfRow } from './support/run-of-row.ts';

const folder = mkdtempSync(join(tmpdir(), 'runledger-typeorm-'));
const database = join(folder, 'runs.db');
let store: RunStore;
let repository: RunRepository;
let runs: DataSource;
let rows: Repository<AgentRun>;

beforeAll(async () => {
  // It stays open: what it saves is in the write-ahead log, and is read from there.
  store = await openRunStore(`sqlite:${database}`);
  repository = guardRepository(store);
  await repository.saveMany(SAMPLES.map(({ make }) => make()));
  runs = await runDataSource(database).initialize();
  rows = runs.getRepository(AgentRunEntity);
});

afterAll(async () => {
  await runs.destroy();
  await repository.close();
  rmSync(folder, { recursive: true });
});

/** Ids in no order: TypeORM is asked for none. */
const idsOf = (found: readonly { id: string }[]) => found.map(({ id }) => id).sort();

describe('a run is read as the repository has it', () => {
  test.each(SAMPLES)('$name', async ({ make }) => {
    const { id } = make();
    const row = await rows.findOneOrFail({
      where: { id },
      relations: { input: true, output: true, error: true, steps: true },
    });
    expect(await runOfRow(runs, row)).toStrictEqual(await repository.findById(id));
    const [last] = await store.history(id);
    expect(row.digest).toBe(last?.digest);
  });
});

test('the ledger is read as the store has it', async () => {
  const id = '0195a000-0000-7000-8000-0000000fffff';
  const large = 'a text of some length, '.repeat(200);
  const run = { id, repository: 'ledger', status: 'FAILED' as const, input: { prompt: large } };
  await repository.save({ ...run, metadata: { large, kept: '\0' } });
  await repository.save({ ...run, input: { prompt: 'short' } });
  await repository.delete(id);
  const history = await store.history(id);
  const changes = await runs
    .getRepository(RunChangeEntity)
    .find({ where: { runId: id }, order: { seq: 'ASC' } });
  expect(history.map(({ operation }) => operation)).toEqual(['insert', 'update', 'delete']);
  expect(await Promise.all(changes.map(entryOf))).toStrictEqual(
    history.map(({ version, operation, digest, at, overwrote }) => {
      return { version, operation, digest, at, overwrote };
    }),
  );
});

/** A change as the store tells it. What it overwrote is a text where it was large: JSON, once more. */
async function entryOf({ version, operation, digest, at, overwrote }: RunChange) {
  const image = await putTextsBack(runs, overwrote);
  const whole = typeof image === 'string' ? await putTextsBack(runs, JSON.parse(image)) : image;
  return { version, operation, digest, at: at.toISOString(), overwrote: whole };
}

describe('conditions', () => {
  test('a time is compared as a moment', async () => {
    const [first, , third] = await rows.find({ order: { startedAt: 'ASC' } });
    if (first === undefined || third === undefined) expect.unreachable('there are three runs');
    const found = await rows.find({
      where: { startedAt: Between(first.startedAt, third.startedAt) },
    });
    const last = new Date(third.startedAt.getTime() + 1).toISOString();
    expect(idsOf(found)).toEqual(idsOf((await repository.list({ until: last })).items));
  });

  test('a text is found whatever is in it', async () => {
    for (const text of Object.values(EDGE_TEXTS).filter((edge) => edge !== '')) {
      const found = await rows.find({
        where: { repository: text, input: { prompt: text } },
      });
      const { items } = await repository.list({ repository: text });
      expect(items.length).toBeGreaterThan(0);
      expect(idsOf(found), JSON.stringify(text)).toEqual(idsOf(items));
    }
  });

  test('a part finds its run', async () => {
    const [failed] = await runs.getRepository(RunErrorEntity).find({ relations: { run: true } });
    const { code = '' } = failed ?? {};
    const found = await rows.find({ where: { error: { code } } });
    expect(idsOf(found)).toEqual(idsOf((await repository.list({ errorCode: code })).items));
    expect(idsOf(found)).toContain(failed?.run?.id);
  });
});
