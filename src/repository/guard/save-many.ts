import { jsonSize } from '../../domain/json.ts';
import { ACTIVE_STATUSES } from '../../domain/status.ts';
import { BATCH_BYTES, BATCH_RUNS } from '../batch-limits.ts';
import { breathing } from '../breathing.ts';
import { type ErrorCode, isRunledgerError, RunledgerError } from '../errors.ts';
import { PartlyDoneError } from '../partly-done-error.ts';
import type { RejectedRun, RunToSave, SaveManyReport } from '../run-repository.ts';
import { LONGEST_BREATH_MS, WorkUnderWay } from '../work-under-way.ts';
import type { PutOperation, RunHead, WriteOutcome } from '../write-operation.ts';
import type { GuardContext } from './guard-context.ts';
import { prepareRun } from './prepare-run.ts';
import { pull } from './pull.ts';
import { conflictError } from './refusals.ts';
import { asSaveResult, mayEndRetry, saveEndingRetry } from './save.ts';

/** A run on its way, with its place in what was given. */
interface Pending {
  index: number;
  put: PutOperation;
}

/** Saves many runs; see `RunRepository.saveMany`. */
export async function saveMany(
  context: GuardContext,
  runs: Iterable<RunToSave> | AsyncIterable<RunToSave>,
  { flush, stopped }: { flush: () => Promise<void>; stopped: AbortSignal },
): Promise<SaveManyReport> {
  const report: SaveManyReport = { inserted: 0, updated: 0, unchanged: 0, rejected: [] };
  let batch: Pending[] = [];
  let size = 0;
  let index = 0;
  const underWay = new WorkUnderWay();
  const writeOut = async () => {
    const full = batch;
    batch = [];
    size = 0;
    const ids = full.map(({ put }) => put.run.id);
    await underWay.begin(ids, () => writeBatch(context, full, report));
  };
  const takeAll = async () => {
    const breathe = breathing(LONGEST_BREATH_MS);
    for await (const run of pull(runs, stopped)) {
      const put = prepareOrReject(context, run, index, report);
      if (put !== null) {
        batch.push({ index, put });
        size += jsonSize(put.run);
      }
      index += 1;
      if (batch.length >= BATCH_RUNS || size >= BATCH_BYTES) await writeOut();
      else await breathe();
    }
    await writeOut();
    await underWay.end();
  };
  let failure = await failureOf(takeAll);
  // Runs that came before the source failed, or was told to end, are stored all the same.
  if (failure !== null && NOT_OF_THE_STORE.includes(failure.code)) {
    const later = (await failureOf(writeOut)) ?? (await failureOf(() => underWay.end()));
    failure = later ?? failure;
  }
  if (report.inserted + report.updated > 0) failure ??= await failureOf(() => safely(flush));
  report.rejected.sort((a, b) => a.index - b.index);
  if (failure === null) return report;
  const stored = report.inserted + report.updated + report.unchanged;
  throw new PartlyDoneError(failure, `${stored} runs were stored before`, report);
}

/** Failures after which the store can still be written to. */
const NOT_OF_THE_STORE: readonly ErrorCode[] = ['SOURCE_FAILED', 'CLOSED'];

async function failureOf(work: () => Promise<void>): Promise<RunledgerError | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof RunledgerError) return error;
    throw error;
  }
}

async function safely(flush: () => Promise<void>): Promise<void> {
  const failure = await failureOf(flush);
  if (failure === null) return;
  const { code, message, hint } = failure;
  throw new RunledgerError(code, `${message} What was stored may not survive a power cut.`, {
    cause: failure,
    ...(hint !== undefined && { hint }),
  });
}

/**
 * Writes a batch in as few writes as it can: only a run that ends a retry under way is written by
 * itself, because its parent is written with it.
 */
async function writeBatch(
  context: GuardContext,
  batch: readonly Pending[],
  report: SaveManyReport,
): Promise<void> {
  const ending = batch.filter(({ put }) => mayEndRetry(put)).map(({ put }) => put.run.id);
  const heads =
    ending.length === 0 ? new Map<string, RunHead>() : await context.access.heads(ending);
  let together: Pending[] = [];
  for (const pending of batch) {
    const { put } = pending;
    if (!mayEndRetry(put) || !isUnderWay(put, heads, together)) {
      together.push(pending);
      continue;
    }
    await writeTogether(context, together, report);
    together = [];
    count(report, pending, await saveEndingRetry(context, put));
  }
  await writeTogether(context, together, report);
}

/** Whether a run is stored as under way, or may be so as soon as what was put together is written. */
function isUnderWay(
  { run }: PutOperation,
  heads: ReadonlyMap<string, RunHead>,
  together: readonly Pending[],
): boolean {
  const head = heads.get(run.id);
  const isActive = head !== undefined && ACTIVE_STATUSES.includes(head.status);
  return isActive || together.some(({ put }) => put.run.id === run.id);
}

async function writeTogether(
  context: GuardContext,
  pending: readonly Pending[],
  report: SaveManyReport,
): Promise<void> {
  if (pending.length === 0) return;
  const operations = pending.map(({ put }) => put);
  const options = { atomic: false, durability: 'bulk' } as const;
  const outcomes = await context.access.write(operations, options);
  for (const [at, one] of pending.entries()) count(report, one, outcomes[at]);
}

function count(report: SaveManyReport, pending: Pending, outcome: WriteOutcome | undefined): void {
  if (outcome?.result === 'conflict') {
    const { run } = pending.put;
    report.rejected.push(rejection(pending.index, run.id, conflictError(outcome, run.status)));
  } else report[asSaveResult(outcome).result] += 1;
}

function prepareOrReject(
  context: GuardContext,
  run: unknown,
  index: number,
  report: SaveManyReport,
): PutOperation | null {
  try {
    return prepareRun(context, run);
  } catch (error) {
    // A run that is no object at all is one bad run among many, not wrong use of the method.
    const failure =
      error instanceof TypeError ? new RunledgerError('INVALID', error.message) : error;
    if (!isRunledgerError(failure, 'INVALID')) throw failure;
    const id = (run as { id?: unknown } | null)?.id;
    report.rejected.push(rejection(index, typeof id === 'string' ? id : null, failure));
    return null;
  }
}

function rejection(index: number, id: string | null, failure: RunledgerError): RejectedRun {
  const { code, message, issues } = failure;
  const known = code === 'INVALID' || code === 'TRANSITION' ? code : 'CONFLICT';
  return { index, id, code: known, message, issues };
}
