import { digestOf } from '../../domain/canonical.ts';
import { InvalidRun } from '../../domain/invalid-run.ts';
import { isPlainObject, type JsonObject } from '../../domain/json.ts';
import { normalizeRun } from '../../domain/normalize-run.ts';
import type { StoredRun } from '../../domain/run.ts';
import type { FileItem } from '../../repository/file-items.ts';
import type { HistoryEntry, QuarantineItem } from '../../repository/run-store.ts';
import { fileIn, fileOut } from './file-record.ts';

/**
 * One thing that a backup carries. A run is in it at most once; `deleted` is in increments alone: a run
 * that the backups before had.
 */
export type BackupRecord =
  | { kind: 'run'; run: StoredRun; digest: string }
  | { kind: 'deleted'; id: string }
  | { kind: 'set-aside'; item: QuarantineItem }
  | FileItem
  | { kind: 'change'; change: HistoryEntry };

/** A record that is not what was written. `name` is the id of its run, or where it stands; null for all. */
export interface BrokenRecord {
  kind: 'broken';
  name: string | null;
  reason: string;
}

/** The first member of a line tells its kind. */
const KINDS: ReadonlyMap<string, BackupRecord['kind']> = new Map([
  ['run', 'run'],
  ['deleted', 'deleted'],
  ['setAside', 'set-aside'],
  ['file', 'file'],
  ['change', 'change'],
]);
const LONGEST_HEAD = '{"setAside":'.length;

/** A record as one line of JSON, without its end. */
export function lineOf(record: BackupRecord): string {
  switch (record.kind) {
    case 'run':
      return JSON.stringify({ run: record.run, digest: record.digest });
    case 'deleted':
      return JSON.stringify({ deleted: record.id });
    case 'change':
      return JSON.stringify({ change: record.change });
    case 'set-aside': {
      const { bytes, ...item } = record.item;
      const base64 = bytes && Buffer.from(bytes).toString('base64');
      return JSON.stringify({ setAside: { ...item, bytes: base64 } });
    }
    case 'file':
      return JSON.stringify(fileOut(record));
  }
}

/**
 * Reads a line that `lineOf` wrote and that stands at this place; null where it is of another kind than is
 * wanted, which its first bytes tell. A run has the digest that stands beside it, or is broken.
 */
export function recordOfLine(
  line: Buffer,
  place: string,
  wanted: ReadonlySet<BackupRecord['kind']>,
): BackupRecord | BrokenRecord | null {
  const [, member] = /^\{"(\w+)":/.exec(line.toString('latin1', 0, LONGEST_HEAD)) ?? [];
  const kind = member === undefined ? undefined : KINDS.get(member);
  if (kind === undefined) return brokenLine(place);
  if (!wanted.has(kind)) return null;
  try {
    return recordOf(JSON.parse(line.toString()) as JsonObject) ?? brokenLine(place);
  } catch (error) {
    if (error instanceof SyntaxError) return brokenLine(place);
    if (error instanceof InvalidRun) return broken(place, `It is no valid run: ${error.message}`);
    throw error;
  }
}

function recordOf({
  run,
  digest,
  deleted,
  setAside,
  change,
  ...others
}: JsonObject): BackupRecord | BrokenRecord | null {
  if (run !== undefined) return runRecord(run, digest);
  if (typeof deleted === 'string') return { kind: 'deleted', id: deleted };
  if (isPlainObject(change)) {
    return { kind: 'change', change: change as unknown as HistoryEntry };
  }
  if (isPlainObject(others.file))
    return (
      fileIn({ ...others, ...(digest !== undefined && { digest }) }) ?? brokenFile(others.file)
    );
  if (!isPlainObject(setAside)) return null;
  const { bytes, ...item } = setAside;
  const found = typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : null;
  return { kind: 'set-aside', item: { ...item, bytes: found } as QuarantineItem };
}

function runRecord(value: unknown, digest: unknown): BackupRecord | BrokenRecord {
  const run = normalizeRun(value) as StoredRun;
  if (digest === digestOf(run)) return { kind: 'run', run, digest };
  return otherDigest(run.id);
}

/** What cannot be read as it was written, with the reason. */
export function broken(name: string | null, reason: string): BrokenRecord {
  return { kind: 'broken', name, reason };
}

/** A line that holds nothing that is known. */
function brokenLine(place: string): BrokenRecord {
  return broken(place, 'It holds nothing that can be read.');
}

/** A portion of an imported file that is not what was written. */
function brokenFile({ path }: JsonObject): BrokenRecord {
  return broken(String(path), `What is kept of ${path} is not what was written.`);
}

/** A run that is not what was written. */
export function otherDigest(id: string): BrokenRecord {
  return broken(id, `Run ${id} is not what was written: it has another digest.`);
}
