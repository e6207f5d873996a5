import { isDeepStrictEqual } from 'node:util';
import type { AgentRun, RunOrigin, RunStatus, StoredRun } from '../domain/run.ts';
import { ACTIVE_STATUSES } from '../domain/status.ts';

/** What must hold of the stored run for a write to take effect; the store checks it atomically. */
export interface Expectation {
  /** The run is stored, at this version. */
  version?: number;
  /** If the run is stored, it has one of these statuses. */
  statuses?: readonly RunStatus[];
  /** If the run is stored, its digest is one of these. */
  digests?: readonly string[];
  /** If the run is stored and under way, it repeats the run that the one given repeats. */
  sameParent?: true;
}

/** Stores a run whole: inserts it or replaces what is there. */
export interface PutOperation {
  kind: 'put';
  /** In normal form. */
  run: AgentRun;
  /** `digestOf(run)`. */
  digest: string;
  expect: Expectation;
  /**
   * `next`: the store counts the version up and stamps the times. `kept`: version and times are
   * written as the run has them, for copies; what it lacks is stamped.
   */
  stamps: 'next' | 'kept';
}

/** Removes a run and its parts. */
export interface DeleteOperation {
  kind: 'delete';
  id: string;
  expect: Expectation;
}

/** One write. */
export type WriteOperation = PutOperation | DeleteOperation;

/** What a store knows of a run without reading it whole. */
export interface RunHead {
  id: string;
  version: number;
  status: RunStatus;
  digest: string;
  parentRunId?: string;
  source?: RunOrigin;
}

/** The head of a run that is stored at this version. */
export function headOf(run: AgentRun, version: number, digest: string): RunHead {
  const { id, status, parentRunId, source } = run;
  return {
    id,
    version,
    status,
    digest,
    ...(parentRunId !== undefined && { parentRunId }),
    ...(source !== undefined && { source }),
  };
}

/** What became of one write. `found` is the stored run when it was tried; null when there is none. */
export type WriteOutcome =
  | {
      result: 'inserted' | 'updated';
      id: string;
      version: number;
      createdAt: string;
      updatedAt: string;
    }
  | { result: 'unchanged'; id: string; version: number }
  | { result: 'deleted' | 'absent'; id: string }
  | { result: 'conflict'; id: string; over: keyof Expectation; found: RunHead | null };

/** What a store has to do for one write. */
export type Decision =
  | { do: 'insert'; version: number }
  | { do: 'update'; version: number }
  | { do: 'delete' }
  | { do: 'nothing'; outcome: WriteOutcome };

/**
 * Decides what a write does, given what is stored: the one rule for every store. A put whose content
 * is what is stored already changes nothing, whatever version it expects, so that a repeat is safe;
 * only a status that it does not expect is told even then, so that of several equal changes of status
 * one alone goes through.
 */
export function decideWrite(operation: WriteOperation, found: RunHead | null): Decision {
  const { expect } = operation;
  const isExpectedStatus =
    found === null || expect.statuses === undefined || expect.statuses.includes(found.status);
  if (operation.kind === 'put' && found && isExpectedStatus && hasEqualContent(operation, found)) {
    return nothing({ result: 'unchanged', id: found.id, version: found.version });
  }
  const id = idOf(operation);
  if (operation.kind === 'delete' && found === null) return nothing({ result: 'absent', id });
  if (expect.version !== undefined && expect.version !== found?.version) {
    return nothing({ result: 'conflict', id, over: 'version', found });
  }
  if (!isExpectedStatus) {
    return nothing({ result: 'conflict', id, over: 'statuses', found });
  }
  if (found !== null && expect.digests && !expect.digests.includes(found.digest)) {
    return nothing({ result: 'conflict', id, over: 'digests', found });
  }
  if (operation.kind === 'delete') return { do: 'delete' };
  if (found !== null && expect.sameParent && !keepsParent(operation, found)) {
    return nothing({ result: 'conflict', id, over: 'sameParent', found });
  }
  const given = operation.stamps === 'kept' ? (operation.run.version ?? 1) : 1;
  if (found === null) return { do: 'insert', version: given };
  // Within a run the version is the order of the ledger: it rises even when a copy brings a lower one.
  return { do: 'update', version: Math.max(given, found.version + 1) };
}

/** The id of the run that a write is about. */
export function idOf(operation: WriteOperation): string {
  return operation.kind === 'put' ? operation.run.id : operation.id;
}

/** The run of a put as it is stored at this version. `createdAt` is that of the run before, if any. */
export function stampedRun(
  { run, stamps }: PutOperation,
  version: number,
  { now, createdAt = now }: { now: string; createdAt?: string | undefined },
): StoredRun {
  const kept: Partial<AgentRun> = stamps === 'kept' ? run : {};
  return {
    ...run,
    version,
    createdAt: kept.createdAt ?? createdAt,
    updatedAt: kept.updatedAt ?? now,
  };
}

/** Whether what a batch did is to stay: an atomic one that met a conflict leaves nothing. */
export function isKept({ atomic }: { atomic: boolean }): (outcomes: WriteOutcome[]) => boolean {
  return (outcomes) => !atomic || outcomes.every(({ result }) => result !== 'conflict');
}

/** Whether one of these writes changed something. */
export function hasChanged(outcomes: readonly WriteOutcome[]): boolean {
  return outcomes.some(({ result }) => CHANGES.includes(result));
}

/** Whether one of these writes would change something, by itself; `headOf` gives what is stored. */
export function wouldChange(
  operations: readonly WriteOperation[],
  headOf: (id: string) => RunHead | null,
): boolean {
  return operations.some((one) => decideWrite(one, headOf(idOf(one))).do !== 'nothing');
}

const CHANGES: readonly string[] = ['inserted', 'updated', 'deleted'];

/** The digest leaves out where a run came from; a put that brings it has something to write. */
function hasEqualContent({ run, digest }: PutOperation, found: RunHead): boolean {
  if (found.digest !== digest) return false;
  return run.source === undefined || isDeepStrictEqual(run.source, found.source);
}

function keepsParent({ run }: PutOperation, found: RunHead): boolean {
  return !ACTIVE_STATUSES.includes(found.status) || run.parentRunId === found.parentRunId;
}

function nothing(outcome: WriteOutcome): Decision {
  return { do: 'nothing', outcome };
}
