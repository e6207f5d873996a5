import assert from 'node:assert/strict';
import { test } from 'vitest';
import { rejectsWith } from '../../../src/conformance/assertions.ts';
import { TurnQueue } from '../../../src/repository/turn-queue.ts';

const LONG_MS = 60_000;

test('turns come one at a time, in the order in which they were asked for', async () => {
  const queue = new TurnQueue();
  const events: string[] = [];
  const turn = (name: string) =>
    queue.run(LONG_MS, async () => {
      events.push(`${name} begins`);
      await Promise.resolve();
      events.push(`${name} ends`);
    });
  await Promise.all(['a', 'b', 'c'].map(turn));
  assert.deepEqual(
    events,
    ['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]),
  );
});

test('a turn that does not come in time is BUSY, and the others keep their places', async () => {
  const queue = new TurnQueue();
  const end = await queue.take(LONG_MS);
  const late = rejectsWith('BUSY', queue.take(1));
  const patient = queue.take(LONG_MS);
  await late;
  end();
  const endOfPatient = await patient;
  await rejectsWith('BUSY', queue.take(1));
  endOfPatient();
  (await queue.take(1))();
});

test('work that fails ends its turn, and a turn ends once', async () => {
  const queue = new TurnQueue();
  await assert.rejects(
    queue.run(LONG_MS, () => Promise.reject(new Error('mine'))),
    /mine/,
  );
  const end = await queue.take(LONG_MS);
  end();
  const second = await queue.take(LONG_MS);
  end();
  await rejectsWith('BUSY', queue.take(1));
  second();
});
