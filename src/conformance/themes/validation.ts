import assert from 'node:assert/strict';
import { collect, rejectsWith, rejectsWithTypeError, wrongType } from '../assertions.ts';
import { idOf, makeRun, RECOVERABLE } from '../make-run.ts';
import type { Suite } from '../subject.ts';

/** A list whose second item was never set: as good as undefined, which JSON does not have. */
const holed = (item: unknown): unknown[] => Object.assign([], { 0: item, 2: item });

/** The fields of a valid run replaced by wrong ones, and the path that the refusal names. */
const WRONG: readonly [path: string, fields: object][] = [
  ['id', { id: 'not a uuid' }],
  ['id', { id: 7 }],
  ['id', { id: `${idOf(1)}0` }],
  ['repository', { repository: undefined }],
  ['repository', { repository: null }],
  ['repository', { repository: '' }],
  ['repository', { repository: 'a'.repeat(256) }],
  ['repository', { repository: '𠮷'.repeat(256) }],
  ['status', { status: 'DONE' }],
  ['status', { status: 'success' }],
  ['status', { status: undefined }],
  ['startedAt', { startedAt: 'today' }],
  ['startedAt', { startedAt: '2026-02-30T00:00:00.000Z' }],
  ['startedAt', { startedAt: '2026-03-01T12:00:00' }],
  ['startedAt', { startedAt: '0000-12-31T23:59:59.999Z' }],
  ['startedAt', { startedAt: '9999-12-31T23:59:59.999-01:00' }],
  ['startedAt', { startedAt: '2026-03-01T12:00:00+99:99' }],
  ['startedAt', { startedAt: '2026-03-01T12:00:00-25:00' }],
  ['startedAt', { startedAt: new Date(Number.NaN) }],
  ['startedAt', { startedAt: 1_772_366_400_000 }],
  ['completedAt', { completedAt: 'later' }],
  ['duration', { duration: 1.5 }],
  ['duration', { duration: Number.NaN }],
  ['duration', { duration: 2 ** 53 }],
  ['duration', { duration: '5' }],
  ['duration', { duration: 5n }],
  ['retryCount', { retryCount: -1 }],
  ['version', { version: Number.MAX_SAFE_INTEGER }],
  ['parentRunId', { parentRunId: 'parent' }],
  ['callerRunId', { callerRunId: '' }],
  ['input', { input: null }],
  ['input', { input: 'prompt' }],
  ['input.prompt', { input: {} }],
  ['input.prompt', { input: { prompt: 7 } }],
  ['input.recentCommits', { input: { prompt: '', recentCommits: [1] } }],
  ['input.temperature', { input: { prompt: '', temperature: Number.POSITIVE_INFINITY } }],
  ['output.message', { output: {} }],
  ['output.tokensUsed', { output: { message: '', tokensUsed: -1 } }],
  ['error.recoverable', { error: { code: 'E', message: 'm' } }],
  ['tags', { tags: 'a' }],
  ['tags', { tags: [''] }],
  ['tags', { tags: holed('a') }],
  ['metadata', { metadata: [] }],
  ['metadata', { metadata: { date: new Date(0) } }],
  ['metadata', { metadata: { nan: Number.NaN } }],
  ['metadata', { metadata: { big: 1n } }],
  ['metadata', { metadata: new Map() }],
  ['metadata', { metadata: { list: [1, undefined] } }],
  ['metadata', { metadata: { list: holed(1) } }],
  ['usage.inputTokens', { usage: { inputTokens: -5 } }],
  ['costMicroUsd', { costMicroUsd: 0.5 }],
  ['steps', { steps: {} }],
  ['steps[1].kind', { steps: [{ kind: 'event' }, { kind: 'dream' }] }],
  ['steps[1]', { steps: holed({ kind: 'event' }) }],
  ['steps[0].input', { steps: [{ kind: 'event', input: [holed(1)] }] }],
  ['steps[0].output', { steps: [{ kind: 'event', output: () => 1 }] }],
  ['source.key', { source: {} }],
  ['statusSource', { statusSource: 'guessed' }],
  ['version', { version: 0 }],
  ['somethingUnknown', { somethingUnknown: Number.NaN }],
  ['somethingUnknown', { somethingUnknown: holed(1) }],
  ['output.more', { output: { message: '', more: Symbol('x') } }],
];

/** What is no run is refused with the name of the field, and leaves nothing behind. */
export function describeValidation({ test }: Suite): void {
  test('each wrong field is named', async ({ repository }) => {
    for (const [path, fields] of WRONG) {
      const run = wrongType<ReturnType<typeof makeRun>>({ ...makeRun(1), ...fields });
      const { issues, message } = await rejectsWith('INVALID', repository.save(run));
      assert.deepEqual(
        issues.map((issue) => issue.path),
        [path],
        message,
      );
      assert.ok(message.includes(path), message);
    }
    assert.deepEqual((await repository.list()).items, []);
    assert.deepEqual(await collect(repository.changes()), []);
  });

  test('saveMany names them too', async ({ repository }) => {
    const runs = WRONG.map(([, fields]) => ({ ...makeRun(1), ...fields }));
    const { rejected, ...counts } = await repository.saveMany(wrongType(runs));
    assert.deepEqual(counts, { inserted: 0, updated: 0, unchanged: 0 });
    const paths = rejected.map(({ issues }) => issues.map(({ path }) => path).join());
    assert.deepEqual(
      paths,
      WRONG.map(([path]) => path),
    );
  });

  test('all that is wrong is named at once', async ({ repository }) => {
    const run = { ...makeRun(1), status: 'X', input: {}, tags: [1], output: { message: null } };
    const { issues } = await rejectsWith('INVALID', repository.save(wrongType(run)));
    const paths = issues.map(({ path }) => path).sort();
    assert.deepEqual(paths, ['input.prompt', 'output.message', 'status', 'tags']);
  });

  test('an invalid change leaves the stored run alone', async ({ repository }) => {
    await repository.save(makeRun(1));
    const stored = await repository.findById(idOf(1));
    const change = wrongType<ReturnType<typeof makeRun>>({ ...makeRun(1), tags: [7] });
    await rejectsWith('INVALID', repository.save(change));
    assert.deepEqual(await repository.findById(idOf(1)), stored);
  });

  test('what is no object is wrong use', async ({ repository }) => {
    for (const run of [undefined, null, 7, 'run', [], [makeRun(1)], new Map(), () => makeRun(1)]) {
      await rejectsWithTypeError(repository.save(wrongType(run)));
    }
  });

  test('an object without a prototype is as good as any', async ({ repository }) => {
    const run = Object.assign(Object.create(null), makeRun(1, { error: RECOVERABLE }));
    assert.equal((await repository.save(run)).result, 'inserted');
  });

  test('a structure that holds itself, or is nested too deeply, is refused', async ({
    repository,
  }) => {
    const loop: Record<string, unknown> = {};
    loop.itself = loop;
    const run = wrongType<ReturnType<typeof makeRun>>({ ...makeRun(1), metadata: loop });
    await rejectsWith('INVALID', repository.save(run));
    const steps = [{ kind: 'event' as const, input: wrongType<string>(loop) }];
    await rejectsWith('INVALID', repository.save({ ...makeRun(1), steps }));
  });
}
