import type { AgentRun } from '../../domain/run.ts';
import type { LedgerEntry, QuarantineItem } from '../../repository/run-store.ts';
import type { PutOperation, RunHead, WriteOperation } from '../../repository/write-operation.ts';
import type { FileRow } from './file-table.ts';
import type { FileReading } from './look-at-file.ts';
import type { RunFile } from './read-run-file.ts';
import { claimOf, countingFile, whySpare } from './run-claim.ts';
import { OWN_ORIGIN, setAside } from './set-aside.ts';

/** What the index knows of files that were read anew, and of the runs that this may concern. */
export interface Known {
  /** The rows of the files that were read, by name. */
  rows: ReadonlyMap<string, FileRow>;
  /** Files that were not read and hold one of the runs, or held it. */
  others: readonly FileRow[];
  heads: ReadonlyMap<string, RunHead>;
  /** The newest changes of those of them that have no head: they were deleted. */
  last: ReadonlyMap<string, LedgerEntry>;
}

/** What becomes of the index by what was read. */
export interface Settlement {
  rows: FileRow[];
  /** Names of entries that are gone. */
  gone: string[];
  /** Runs that the ledger never heard of: what became of them before nobody knows. */
  found: PutOperation[];
  operations: WriteOperation[];
  setAside: QuarantineItem[];
  /** Names of entries that are no longer set aside. */
  released: string[];
}

/** A file that could be read as a run. */
interface Claimant {
  reading: FileReading;
  file: RunFile & { kind: 'run' };
}

/**
 * Decides what files that were read anew make of the runs. A run is as the file says that counts for
 * it, and is deleted when no file holds it any more. One whose file cannot be read stays as it was
 * last: half of a file that is being written, or a damaged one, must not look like a deletion, and no
 * older copy takes its place.
 *
 * Every file that could count for one of these runs is among the readings, but those that another one
 * among them outranks for certain, and those of runs that are `underWay`, by their ids: whatever else
 * holds such a run is set aside for now, and looked at again.
 */
export function settleFiles(
  readings: readonly FileReading[],
  known: Known,
  underWay: ReadonlyMap<string, string> = new Map(),
): Settlement {
  const { rows, others } = known;
  const settled: Settlement = {
    ...{ rows: [], gone: [], found: [], operations: [], setAside: [], released: [] },
  };
  const claimants: Claimant[] = [];
  const concerned = new Set<string>();
  const kept = new Set(others.map(({ runId }) => runId));
  /** By run, the file that holds it and was not read, or could not be. */
  const holders = new Map(
    others.filter(({ state }) => state !== 'spare').map(({ runId, name }) => [runId, name]),
  );
  for (const reading of readings) {
    const { name, file } = reading;
    const before = rows.get(name);
    if (file?.kind === 'run') {
      claimants.push({ reading, file });
      concerned.add(file.run.id);
      if (before?.runId) concerned.add(before.runId);
    } else if (file === null) {
      if (before === undefined) continue;
      settled.gone.push(name);
      settled.released.push(name);
      if (before.runId && before.state !== 'spare') concerned.add(before.runId);
    } else {
      const runId = before?.state === 'spare' ? null : (before?.runId ?? null);
      kept.add(runId);
      holders.set(runId, name);
      settled.rows.push(rowOf(reading, runId, 'unreadable'));
      settled.setAside.push(setAside(OWN_ORIGIN, name, file));
    }
  }
  const byRun = Map.groupBy(claimants, ({ file }) => file.run.id);
  for (const id of concerned) {
    const claims = byRun.get(id);
    const file = underWay.get(id);
    if (claims !== undefined && file !== undefined) setAsideForNow(claims, file, settled);
    else if (claims !== undefined) {
      settleRun(claims, holders.get(id), stateOf(id, known), settled);
    } else if (!kept.has(id) && file === undefined) {
      settled.operations.push({ kind: 'delete', id, expect: {} });
    }
  }
  return settled;
}

function setAsideForNow(claimants: readonly Claimant[], holder: string, settled: Settlement): void {
  for (const { reading, file } of claimants) {
    setSpareAside({ reading: { ...reading, isSettled: false }, file }, holder, settled);
  }
}

function setSpareAside({ reading, file }: Claimant, holder: string, settled: Settlement): void {
  const { name } = reading;
  const reason = whySpare(claimOf(name, file), holder);
  settled.rows.push(rowOf(reading, file.run.id, 'spare'));
  settled.setAside.push(setAside(OWN_ORIGIN, name, { reason, bytes: file.bytes }));
}

/** What the index has of a run: its head, else the version that it had before it was deleted. */
interface StateInIndex {
  head: RunHead | undefined;
  lastVersion: number;
}

function stateOf(id: string, { heads, last }: Known): StateInIndex {
  return { head: heads.get(id), lastVersion: last.get(id)?.version ?? 0 };
}

/** Takes the run of the file that counts, and sets the others aside. */
function settleRun(
  claimants: readonly Claimant[],
  holder: string | undefined,
  state: StateInIndex,
  settled: Settlement,
): void {
  const claims = claimants.map(({ reading, file }) => claimOf(reading.name, file));
  const winner = countingFile(claims, holder);
  for (const claimant of claimants) {
    const { reading, file } = claimant;
    if (reading.name !== winner) {
      setSpareAside(claimant, winner, settled);
      continue;
    }
    settled.rows.push(rowOf(reading, file.run.id, 'run'));
    settled.released.push(winner);
    const isNew = state.head === undefined && state.lastVersion === 0;
    (isNew ? settled.found : settled.operations).push(putOf(reading, file, state));
  }
}

/**
 * Stores a run as its file says. Whoever edits a file by hand leaves version and times as they were,
 * and old files have none: a change was made when the file was written, and the version counts up. It
 * does so over a deletion too: many editors take a file away and put another one under its name.
 */
function putOf(
  { writtenAt }: FileReading,
  { run, digest }: Claimant['file'],
  { head, lastVersion }: StateInIndex,
): PutOperation {
  const createdAt = run.createdAt ?? writtenAt;
  const version = Math.max(run.version ?? 1, lastVersion + 1);
  const stamped: AgentRun =
    head === undefined
      ? { ...run, version, createdAt, updatedAt: run.updatedAt ?? writtenAt }
      : { ...run, updatedAt: writtenAt };
  return { kind: 'put', run: stamped, digest, expect: {}, stamps: 'kept' };
}

function rowOf(
  { name, signature, isSettled }: FileReading,
  runId: string | null,
  state: FileRow['state'],
): FileRow {
  return { name, signature: isSettled ? signature : null, runId, state };
}
