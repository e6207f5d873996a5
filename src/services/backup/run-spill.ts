import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { RunledgerError } from '../../repository/errors.ts';
import { type BackupRecord, lineOf } from './backup-record.ts';
import { framedRecords } from './formats/framed.ts';
import { frameOf } from './formats/zstd-frames.ts';

/** So many characters of a part are held until they are written. */
const HELD_CHARACTERS = 100_000;

interface Part {
  file: FileHandle;
  text: string[];
  size: number;
}

/**
 * Records that are too many to be held, kept on disk in parts by the runs that they are of: all records of
 * a run are in one part, in the order in which they came.
 */
export class RunSpill {
  readonly #parts: Part[];

  /** In an empty folder, in so many parts. */
  static async open(folder: string, parts: number): Promise<RunSpill> {
    const spill = new RunSpill();
    for (let number = 0; number < parts; number += 1) {
      const file = await open(join(folder, `part-${number}`), 'wx+', 0o600);
      spill.#parts.push({ file, text: [], size: 0 });
    }
    return spill;
  }

  private constructor() {
    this.#parts = [];
  }

  /** Takes a record of this run. */
  async add(runId: string, record: BackupRecord): Promise<void> {
    // The first digits of an id are a time, and those of many runs are equal.
    const part = this.#parts[Number.parseInt(runId.slice(-8), 16) % this.#parts.length];
    if (part === undefined) return;
    const line = lineOf(record);
    part.text.push(line, '\n');
    part.size += line.length;
    if (part.size >= HELD_CHARACTERS) await write(part);
  }

  /** The records of each part in turn. */
  async *parts(): AsyncGenerator<AsyncIterable<BackupRecord>, void, void> {
    for (const part of this.#parts) {
      await write(part);
      yield recordsOf(part);
    }
  }

  async close(): Promise<void> {
    for (const { file } of this.#parts) await file.close();
  }
}

async function write(part: Part): Promise<void> {
  if (part.size > 0) await part.file.appendFile(await frameOf(part.text.join('')));
  part.text = [];
  part.size = 0;
}

async function* recordsOf({ file }: Part): AsyncGenerator<BackupRecord, void, void> {
  const { size } = await file.stat();
  const wanted = { kinds: new Set(['run', 'change'] as const) };
  for await (const record of framedRecords({ file, end: size }, wanted, 0)) {
    if (record.kind !== 'broken') yield record;
    else throw new RunledgerError('CORRUPT', `A temporary file was damaged: ${record.reason}`);
  }
}
