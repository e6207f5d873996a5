import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { RunledgerError } from '../../../repository/errors.ts';
import type { RunSource } from '../../../repository/run-source.ts';
import { copyRuns } from '../../copy/copy-runs.ts';
import { type BackupRecord, lineOf } from '../backup-record.ts';
import { ByteWindow } from '../byte-window.ts';
import { inScratchFolder, type ScratchFolder } from '../scratch-folder.ts';
import type { BackupContent, BackupFormat } from './backup-format.ts';
import { databaseRecords } from './database-records.ts';
import { bytesAt, framedRecords, manifestFrame, readEndFrame, sealFrame } from './framed.ts';
import { framesOfLines } from './zstd-frames.ts';

const DATABASE = 'runs.db';
const MAGIC = 'SQLite format 3\0';

/**
 * A database with the runs, what was set aside and imported files, which SQLite reads as it is; behind its last page, in
 * frames as those of `ndjson`, what a database of its own cannot hold: the changes of another ledger.
 */
export const sqliteFormat: BackupFormat = {
  extension: '.db',
  isBegunBy: (bytes) => bytes.subarray(0, MAGIC.length).toString('latin1') === MAGIC,
  async *encode({ records, manifest, newScratch }) {
    const { source, lines } = partsOf(records);
    yield* inScratchFolder(newScratch, (scratch) => databaseOf(source, scratch));
    yield* framesOfLines(lines());
    yield manifestFrame(Buffer.from(JSON.stringify(manifest())));
  },
  seal: sealFrame,
  readEnd: readEndFrame,
  async otherwise(file, size) {
    // A backup has frames behind its last page; a database that is used may have grown in its log.
    const pageBytes = await bytesOfPage(file);
    if (pageBytes === 0 || size % pageBytes !== 0) return null;
    return {
      why: 'it is a SQLite database and no backup, such as a store',
      hint: 'verify sqlite:<file> <store> compares a store with another one.',
    };
  },
  async *records(bytes, wanted) {
    const { file, end } = bytes;
    const size = Math.min(end, await sizeOfDatabase(file));
    const { kinds } = wanted;
    if (kinds.has('run') || kinds.has('set-aside') || kinds.has('file')) {
      yield* inScratchFolder(wanted.newScratch, async function* inside(scratch) {
        // It is taken out first: to open it where it lies would change the backup.
        const path = join(scratch.path, DATABASE);
        await copyOut(file, size, path);
        yield* databaseRecords(() => scratch.openDatabase(path), kinds);
      });
    }
    yield* framedRecords(bytes, wanted, size);
  },
};

/** The bytes of a database with what a source gives. */
async function* databaseOf(
  source: RunSource,
  scratch: ScratchFolder,
): AsyncGenerator<Uint8Array, void, void> {
  const path = join(scratch.path, DATABASE);
  const store = await scratch.openDatabase(path);
  try {
    const { differences } = await copyRuns(source, store);
    if (differences[0] !== undefined) throw notAsGiven(path, differences[0]);
  } finally {
    await store.close();
  }
  yield* createReadStream(path) as AsyncIterable<Uint8Array>;
}

function notAsGiven(path: string, id: string): RunledgerError {
  return new RunledgerError(
    'CORRUPT',
    `Run ${id} was read back from ${path} not as it was written.`,
    {
      hint: 'The disk may be failing: let TMPDIR name another.',
    },
  );
}

/** Records as a source for the database, which takes what it can hold, and then the others as lines. */
function partsOf(content: BackupContent['records']): {
  source: RunSource;
  lines(): AsyncIterable<string>;
} {
  const records = content[Symbol.asyncIterator]();
  const others: BackupRecord[] = [];
  const source: RunSource = {
    origin: 'backup',
    count: async () => null,
    async *items() {
      for (let next = await records.next(); !next.done; next = await records.next()) {
        const record = next.value;
        if (record.kind === 'run') yield { ...record, name: record.run.id };
        else if (record.kind === 'set-aside' || record.kind === 'file') yield record;
        else others.push(record);
        if (record.kind === 'change') return;
      }
    },
    pastOf: async () => ({ digests: [], isWhole: false }),
  };
  return {
    source,
    async *lines() {
      for (const record of others) yield lineOf(record);
      for (let next = await records.next(); !next.done; next = await records.next()) {
        yield lineOf(next.value);
      }
    },
  };
}

async function copyOut(file: FileHandle, size: number, path: string): Promise<void> {
  const copy = await open(path, 'wx', 0o600);
  try {
    const window = new ByteWindow(file, 0, size);
    for (let bytes = await window.peek(1); bytes.length > 0; bytes = await window.peek(1)) {
      await copy.writeFile(bytes);
      window.pass(bytes.length);
    }
  } finally {
    await copy.close();
  }
}

/** What the header of a database says: bytes of a page times how many pages. */
async function sizeOfDatabase(file: FileHandle): Promise<number> {
  const header = await bytesAt(file, 0, 32);
  if (header.length < 32) return header.length;
  return (await bytesOfPage(file)) * header.readUInt32BE(28);
}

async function bytesOfPage(file: FileHandle): Promise<number> {
  const header = await bytesAt(file, 16, 2);
  const bytes = header.length < 2 ? 0 : header.readUInt16BE(0);
  return bytes === 1 ? 65_536 : bytes;
}
