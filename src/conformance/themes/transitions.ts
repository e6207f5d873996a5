import assert from 'node:assert/strict';
import type { RunStatus } from '../../domain/run.ts';
import { rejectsWith } from '../assertions.ts';
import { idOf, makeRun } from '../make-run.ts';
import type { Suite } from '../subject.ts';

/** From where to where a save may go, written down once more so that a slip in the table shows. */
const ALLOWED: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  QUEUED: ['QUEUED', 'RUNNING', 'CANCELLED'],
  RUNNING: ['RUNNING', 'SUCCESS', 'FAILED', 'CANCELLED'],
  SUCCESS: ['SUCCESS'],
  // RETRYING is entered by `retry`, which stores the retry with it.
  FAILED: ['FAILED'],
  CANCELLED: ['CANCELLED'],
  RETRYING: ['RETRYING', 'FAILED'],
};
const STATUSES = Object.keys(ALLOWED) as RunStatus[];

/** Every pair of statuses, through `save` and through `saveMany`. */
export function describeTransitions({ test }: Suite): void {
  for (const from of STATUSES) {
    test(`from ${from} a save may go to ${ALLOWED[from].join(', ')} only`, async ({
      repository,
    }) => {
      for (const [number, to] of STATUSES.entries()) {
        assert.equal((await repository.save(makeRun(number, { status: from }))).result, 'inserted');
        const changed = makeRun(number, { status: to, tags: ['changed'] });
        if (ALLOWED[from].includes(to)) {
          assert.equal((await repository.save(changed)).result, 'updated', to);
        } else {
          await rejectsWith('TRANSITION', repository.save(changed));
          const run = await repository.findById(idOf(number));
          assert.equal(run?.status, from);
          assert.equal(run?.version, 1);
          assert.equal(run?.tags, undefined);
        }
      }
    });
  }

  test('saveMany checks every pair too', async ({ repository }) => {
    const pairs = STATUSES.flatMap((from) => STATUSES.map((to) => ({ from, to })));
    await repository.saveMany(pairs.map(({ from }, number) => makeRun(number, { status: from })));
    const { updated, rejected } = await repository.saveMany(
      pairs.map(({ to }, number) => makeRun(number, { status: to, tags: ['changed'] })),
    );
    const refused = pairs.flatMap(({ from, to }, index) =>
      ALLOWED[from].includes(to) ? [] : [{ index, id: idOf(index), code: 'TRANSITION' }],
    );
    assert.deepEqual(
      rejected.map(({ index, id, code }) => ({ index, id, code })),
      refused,
    );
    assert.equal(updated, pairs.length - refused.length);
  });

  test('the right version does not excuse a wrong transition', async ({ repository }) => {
    await repository.save(makeRun(1, { status: 'SUCCESS' }));
    const back = { ...makeRun(1, { status: 'RUNNING' }), version: 1 };
    await rejectsWith('TRANSITION', repository.save(back));
  });
}
