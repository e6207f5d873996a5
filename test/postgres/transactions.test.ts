import { describe, expect } from 'vitest';
import { makeRun } from '../../src/conformance/make-run.ts';
import { guardRepository } from '../../src/repository/guard/guarded-repository.ts';
import {
  freshSchema,
  newestServer,
  openStore,
  targetOf,
  withClient,
} from '../support/postgres/fresh-store.ts';
import { testOn } from '../support/test-where.ts';

const server = newestServer();
const test = testOn(server);
const OURS = makeRun(1, { repository: 'ours' });
const THEIRS = makeRun(1, { repository: 'theirs' });

async function openTwo() {
  const { url } = await freshSchema(server);
  return [guardRepository(await openStore(url)), guardRepository(await openStore(url))] as const;
}

describe('a transaction that found no run', () => {
  test('does not overwrite one that somebody else saves meanwhile', async () => {
    const [repository, other] = await openTwo();
    const transaction = repository.transaction(async (inner) => {
      await inner.save(makeRun(2));
      expect(await inner.findById(OURS.id)).toBeNull();
      await other.save(THEIRS);
      await inner.save(OURS);
    });
    await expect(transaction).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(OURS.id),
    });
    expect(await repository.findById(OURS.id)).toMatchObject({ repository: 'theirs', version: 1 });
    expect(await repository.findById(makeRun(2).id)).toBeNull();
    await Promise.all([repository.close(), other.close()]);
  });

  test('goes on with what it saves itself, and with what it has seen since', async () => {
    const [repository, other] = await openTwo();
    await repository.transaction(async (inner) => {
      expect(await inner.findById(OURS.id)).toBeNull();
      await inner.save(OURS);
      await inner.save({ ...OURS, branch: 'later' });
      await inner.delete(OURS.id);
      expect(await inner.findById(OURS.id)).toBeNull();
      await inner.save(OURS);

      expect(await inner.findById(makeRun(3).id)).toBeNull();
      await other.save(makeRun(3));
      expect(await inner.findById(makeRun(3).id)).not.toBeNull();
      await inner.save(makeRun(3, { branch: 'mine' }));
    });
    expect(await other.findById(OURS.id)).toMatchObject({ repository: 'ours', version: 1 });
    expect(await other.findById(makeRun(3).id)).toMatchObject({ branch: 'mine', version: 2 });
    await Promise.all([repository.close(), other.close()]);
  });
});

test('the time limit of a transaction holds while it waits for what somebody else has locked', async () => {
  const { url } = await freshSchema(server);
  const repository = guardRepository(await openStore(url));
  await repository.save(OURS);
  await withClient(url, async (client) => {
    await client.query('BEGIN');
    await client.query(`SELECT FROM ${targetOf(url).schema}.agent_runs FOR UPDATE`);
    const late = repository.transaction((inner) => inner.findById(OURS.id), { timeLimitMs: 100 });
    // It would wait until the other one ends, which it does only after that.
    await expect(late).rejects.toMatchObject({ code: 'TIMEOUT' });
    await client.query('COMMIT');
  });
  await repository.transaction((inner) => inner.save({ ...OURS, branch: 'later' }));
  expect(await repository.findById(OURS.id)).toMatchObject({ branch: 'later', version: 2 });
  await repository.close();
});
