import { createHash } from 'node:crypto';
import { countRuns } from '../../repository/count-runs.ts';
import { isRunledgerError, RunledgerError } from '../../repository/errors.ts';
import { FilesThen } from '../../repository/file-items.ts';
import { decodePosition, encodePosition, type LedgerPosition } from '../../repository/position.ts';
import type { RunStore } from '../../repository/run-store.ts';
import {
  BACKUP_VERSION,
  type BackupBase,
  type BackupCounts,
  type BackupFormatName,
  type BackupManifest,
} from './backup-manifest.ts';
import type { BackupRecord } from './backup-record.ts';
import { BACKUP_FORMATS } from './formats/formats.ts';
import type { NewScratchFolder } from './scratch-folder.ts';
import { snapshotOf } from './snapshot.ts';

/** How a backup is made. */
export interface BackupOptions {
  format: BackupFormatName;
  /** For an increment: the backup that it builds on, which will lie beside it. */
  base: BackupBase | null;
  /** The program and its version, and the newest schema migration of the store, for the manifest. */
  program: string;
  schema: string | null;
  newScratch: NewScratchFolder;
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
  /** Is told how many runs were read, then how many changes; null where nobody knows how many there are. */
  onProgress?: (what: 'runs' | 'changes', done: number, total: number | null) => void;
  /** Ends it between two records. */
  signal?: AbortSignal;
}

/**
 * Writes what a store holds at one moment, that of the call, while others go on writing to it. `write`
 * gets the bytes in their order. Rejects as the store does: with POSITION_UNKNOWN where its ledger does
 * not reach back to the base.
 */
export async function writeBackup(
  store: RunStore,
  write: (bytes: Uint8Array) => Promise<void>,
  { format, base, program, schema, newScratch, now = Date.now, onProgress, signal }: BackupOptions,
): Promise<BackupManifest> {
  const after = base && decodePosition(base.position);
  if (after !== null) await checkBase(store, after);
  const start = now();
  // Before the moment: what was read by then gave runs that are there at the moment.
  const then = await FilesThen.of(store);
  const moment = await store.position({ whole: true });
  const [later] = await store.changes(moment, 1, { unsettled: true });
  const total = base === null ? await countRuns(store) : null;
  const counted = new CountedRecords(
    snapshotOf(store, { base: after, moment, files: { then, keptSince: sinceOf(base) } }),
    ({ runs, changes }) => {
      signal?.throwIfAborted();
      if (changes > 0) onProgress?.('changes', changes, null);
      else onProgress?.('runs', runs, total);
    },
  );
  let bytes = 0;
  let made: BackupManifest | null = null;
  const make = (): BackupManifest => ({
    version: BACKUP_VERSION,
    format,
    kind: base === null ? 'full' : 'increment',
    program,
    schema,
    store: store.kind,
    storeId: moment.storeId,
    epoch: moment.epoch,
    position: encodePosition(moment),
    // What comes later is later than that: not even in the same millisecond.
    takenAt: new Date(Math.min(start, later ? Date.parse(later.at) : start) - 1).toISOString(),
    base,
    ...counted.times,
    filesUntil: then.newest,
    counts: counted.counts,
    bytes,
  });
  const manifest = () => {
    made ??= make();
    return made;
  };
  const { encode, seal } = BACKUP_FORMATS[format];
  const hash = createHash('sha256');
  for await (const piece of encode({ records: counted, manifest, newScratch })) {
    hash.update(piece);
    await write(piece);
    bytes += piece.length;
  }
  await write(seal(Buffer.from(JSON.stringify(manifest())), hash.digest('hex')));
  return manifest();
}

/** A write that had begun when the base was taken may have ended later. */
const LONGEST_WRITE_MS = 10 * 60_000;

/** From when on files are new to a base; undefined where all are. */
function sinceOf(base: BackupBase | null): string | undefined {
  if (base === null || base.filesUntil === null) return undefined;
  return new Date(Date.parse(base.filesUntil) - LONGEST_WRITE_MS).toISOString();
}

/** Whoever builds on another ledger is told before anything is written. */
async function checkBase(store: RunStore, base: LedgerPosition): Promise<void> {
  try {
    await store.changes(base, 1);
  } catch (error) {
    if (!isRunledgerError(error, 'POSITION_UNKNOWN')) throw error;
    const why =
      'from another store, from before a copy or restore, or older than its ledger reaches';
    throw new RunledgerError(
      'POSITION_UNKNOWN',
      `The backup to build on is not of this store: it is ${why}.`,
      {
        cause: error,
        hint: 'Take a full backup: leave --since out.',
      },
    );
  }
}

/** Counts records as they pass. */
class CountedRecords implements AsyncIterable<BackupRecord> {
  readonly counts: BackupCounts = {
    runs: 0,
    steps: 0,
    deleted: 0,
    changes: 0,
    setAside: 0,
    files: 0,
  };
  readonly times: Pick<BackupManifest, 'oldestChangeAt' | 'newestChangeAt'> = {
    oldestChangeAt: null,
    newestChangeAt: null,
  };
  readonly #records: AsyncIterable<BackupRecord>;
  readonly #onRecord: (counts: BackupCounts) => void;

  constructor(records: AsyncIterable<BackupRecord>, onRecord: (counts: BackupCounts) => void) {
    this.#records = records;
    this.#onRecord = onRecord;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<BackupRecord, void, void> {
    for await (const record of this.#records) {
      this.#count(record);
      this.#onRecord(this.counts);
      yield record;
    }
  }

  #count(record: BackupRecord): void {
    const { counts, times } = this;
    if (record.kind === 'run') {
      counts.runs += 1;
      counts.steps += record.run.steps?.length ?? 0;
    } else if (record.kind === 'change') {
      counts.changes += 1;
      times.oldestChangeAt ??= record.change.at;
      times.newestChangeAt = record.change.at;
    } else if (record.kind === 'deleted') counts.deleted += 1;
    else if (record.kind === 'set-aside') counts.setAside += 1;
    else if (record.isWhole) counts.files += 1;
  }
}
