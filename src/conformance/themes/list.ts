import assert from 'node:assert/strict';
import { summarize } from '../../domain/run-summary.ts';
import { idsOf, rejectsWith, rejectsWithTypeError, wrongType } from '../assertions.ts';
import { idOf, inputOf, makeRun, makeRuns, outputOf, startOf } from '../make-run.ts';
import type { Suite } from '../subject.ts';

/** `list`: summaries, order, limits and wrong use. Paging and filters are themes of their own. */
export function describeList({ test }: Suite): void {
  test('an empty store gives an empty page', async ({ repository }) => {
    assert.deepEqual(await repository.list(), { items: [], nextCursor: null });
  });

  test('a summary has what fits a table row', async ({ repository }) => {
    await repository.save(
      makeRun(1, {
        status: 'FAILED',
        completedAt: startOf(2),
        duration: 1000,
        input: { prompt: 'p', diff: 'd', recentCommits: ['c'], model: 'm', temperature: 1 },
        output: { ...outputOf('half done'), tokensUsed: 5, reasoning: 'r' },
        error: { code: 'E', message: 'failed', stackTrace: 's', recoverable: false },
        retryCount: 1,
        parentRunId: idOf(8),
        agent: 'a',
        sessionId: 's',
        callerRunId: idOf(9),
        branch: 'b',
        workingDirectory: '/w',
        tags: ['t'],
        metadata: { m: 1 },
        costMicroUsd: 3,
        steps: [{ kind: 'event' }],
        source: { key: 'k' },
        statusSource: 'inferred',
        ...{ unknown: 'field' },
      }),
    );
    const [summary, ...others] = (await repository.list()).items;
    const { createdAt, updatedAt, ...rest } = summary ?? assert.fail('the list is empty');
    assert.deepEqual(rest, {
      id: idOf(1),
      repository: 'acme/app',
      status: 'FAILED',
      startedAt: startOf(1),
      completedAt: startOf(2),
      duration: 1000,
      retryCount: 1,
      parentRunId: idOf(8),
      agent: 'a',
      sessionId: 's',
      callerRunId: idOf(9),
      branch: 'b',
      tags: ['t'],
      model: 'm',
      prompt: 'p',
      message: 'half done',
      errorCode: 'E',
      errorMessage: 'failed',
      tokensUsed: 5,
      costMicroUsd: 3,
      statusSource: 'inferred',
      version: 1,
    });
    const stored = await repository.findById(idOf(1));
    assert.deepEqual({ createdAt, updatedAt }, pick(stored));
    assert.deepEqual(others, []);
  });

  test('what a run does not have is absent from its summary', async ({ repository }) => {
    await repository.save(makeRun(1));
    const [summary] = (await repository.list()).items;
    const names = ['createdAt', 'id', 'model', 'prompt', 'repository', 'retryCount', 'startedAt'];
    assert.deepEqual(Object.keys(summary ?? {}).sort(), [
      ...names,
      'status',
      'updatedAt',
      'version',
    ]);
  });

  test('texts are cut to 200 units, never inside a pair', async ({ repository }) => {
    const error = { code: 'E', message: `${'é'.repeat(198)}😀😀`, recoverable: true };
    const output = outputOf(`${'a'.repeat(199)}😀`);
    await repository.save(makeRun(1, { input: inputOf('𠮷'.repeat(150)), output, error }));
    const [summary] = (await repository.list()).items;
    assert.equal(summary?.prompt, '𠮷'.repeat(100));
    assert.equal(summary?.message, 'a'.repeat(199));
    assert.equal(summary?.errorMessage, `${'é'.repeat(198)}😀`);
  });

  test('the order is by start, then by id, newest first unless asked otherwise', async ({
    repository,
  }) => {
    const runs = [
      ...makeRuns(3),
      makeRun(10, { startedAt: startOf(1) }),
      makeRun(11, { startedAt: startOf(1) }),
    ];
    await repository.saveMany(runs);
    const oldest = [0, 1, 10, 11, 2].map(idOf);
    assert.deepEqual(idsOf((await repository.list({}, { order: 'oldest' })).items), oldest);
    const newest = oldest.toReversed();
    assert.deepEqual(idsOf((await repository.list({}, { order: 'newest' })).items), newest);
    assert.deepEqual(idsOf((await repository.list()).items), newest);
  });

  test('a page has 50 runs unless asked otherwise, up to 1,000', async ({ repository }) => {
    const runs = makeRuns(60);
    await repository.saveMany(runs);
    assert.equal((await repository.list()).items.length, 50);
    assert.equal((await repository.list({}, { limit: 1 })).items.length, 1);
    assert.equal((await repository.list({}, { limit: 1000 })).items.length, 60);
  });

  test('limits, orders and filters that there are not are refused', async ({ repository }) => {
    for (const limit of [0, -5, 1001, 0.5, Number.NaN]) {
      await rejectsWith('INVALID', repository.list({}, { limit }));
    }
    await rejectsWith('INVALID', repository.list({}, { order: wrongType('random') }));
    await rejectsWithTypeError(repository.list({}, { limit: wrongType<number>('9') }));
    await rejectsWithTypeError(repository.list({}, { cursor: wrongType<string>(9) }));
    for (const filter of ['acme/app', null, [], 7]) {
      await rejectsWithTypeError(repository.list(wrongType(filter)));
    }
  });

  test('summaries are those of the runs as stored', async ({ repository }) => {
    await repository.saveMany(
      makeRuns(30, { tags: ['b', 'a'], output: outputOf('x'.repeat(300)) }),
    );
    for (const summary of (await repository.list()).items) {
      const run = await repository.findById(summary.id);
      assert.deepEqual(summary, run && summarize(run));
    }
  });
}

function pick(run: { createdAt: string; updatedAt: string } | null) {
  return run && { createdAt: run.createdAt, updatedAt: run.updatedAt };
}
