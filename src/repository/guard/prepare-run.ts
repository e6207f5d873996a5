import { digestOf } from '../../domain/canonical.ts';
import { isPlainObject } from '../../domain/json.ts';
import type { AgentRun } from '../../domain/run.ts';
import { mayComeFrom } from '../../domain/status.ts';
import type { PutOperation } from '../write-operation.ts';
import { checkRun } from './check-arguments.ts';
import { type GuardContext, newRunId, timeNow } from './guard-context.ts';

/**
 * Makes the write of a run that a caller wants saved: fills id and time, checks the whole, and says
 * what must hold of the stored one. Its stamps are the store's business, so those given are dropped;
 * `version` becomes the expectation.
 */
export function prepareRun(context: GuardContext, value: unknown): PutOperation {
  const filled = isPlainObject(value)
    ? {
        ...value,
        id: value.id ?? newRunId(context),
        startedAt: value.startedAt ?? timeNow(context),
      }
    : value;
  const { version, createdAt: _c, updatedAt: _u, ...run } = checkRun(filled);
  return putOf(run, version);
}

/** The write of a run in normal form, as an ordinary save does it. */
export function putOf(run: AgentRun, version: number | undefined): PutOperation {
  return {
    kind: 'put',
    run,
    digest: digestOf(run),
    expect: {
      // RETRYING is entered by retry() alone, which stores the retry with it.
      statuses: run.status === 'RETRYING' ? ['RETRYING'] : mayComeFrom(run.status),
      sameParent: true,
      ...(version !== undefined && { version }),
    },
    stamps: 'next',
  };
}
