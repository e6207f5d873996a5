import type { FileHandle } from 'node:fs/promises';
import { BACKUP_VERSION } from '../backup-manifest.ts';
import { type BackupRecord, type BrokenRecord, broken, recordOfLine } from '../backup-record.ts';
import { ByteWindow } from '../byte-window.ts';
import type { BackupBytes, BackupEnd, WantedRecords } from './backup-format.ts';
import {
  FRAME_MAGIC,
  nextFrame,
  SKIPPED_HEADER,
  SKIPPED_MAGIC,
  skippedHeader,
} from './zstd-frames.ts';

/**
 * The seal of a backup in frames: the last bytes of a frame that readers of Zstandard pass over, which
 * begins with the manifest. All of it has a fixed length: `\n<bytes of the manifest> <sha256> <mark>\n`.
 */
const MARK = `runledger-backup-${BACKUP_VERSION}`;
const LENGTH_DIGITS = 10;
const SEAL = /^\n(\d{10}) ([0-9a-f]{64}) runledger-backup-(\d)\n$/;
const SEAL_BYTES = 1 + LENGTH_DIGITS + 1 + 64 + 1 + MARK.length + 1;

const NEWLINE = 0x0a;
/** A manifest is short. */
const MOST_SKIPPED = 1 << 20;

/** The seal behind a manifest. */
export function sealFrame(manifest: Uint8Array, sha256: string): Uint8Array {
  const length = String(manifest.length).padStart(LENGTH_DIGITS, '0');
  return Buffer.from(`\n${length} ${sha256} ${MARK}\n`);
}

/** The frame of a manifest, but for the seal at its end. */
export function manifestFrame(manifest: Uint8Array): Uint8Array {
  return Buffer.concat([skippedHeader(manifest.length + SEAL_BYTES), manifest]);
}

/** Reads the frame at the end of a file; null where there is none. */
export async function readEndFrame(file: FileHandle, size: number): Promise<BackupEnd | null> {
  const sealedBytes = size - SEAL_BYTES;
  if (sealedBytes < SKIPPED_HEADER) return null;
  const seal = SEAL.exec((await bytesAt(file, sealedBytes, SEAL_BYTES)).toString('latin1'));
  const [, length = '', sha256 = '', version] = seal ?? [];
  const recordsEnd = sealedBytes - Number(length) - SKIPPED_HEADER;
  if (seal === null || recordsEnd < 0) return null;
  const frame = await bytesAt(file, recordsEnd, sealedBytes - recordsEnd);
  const header = skippedHeader(Number(length) + SEAL_BYTES);
  if (!frame.subarray(0, SKIPPED_HEADER).equals(header)) return null;
  const manifest = frame.subarray(SKIPPED_HEADER).toString();
  return { version: Number(version), manifest, sha256, sealedBytes, recordsEnd };
}

/** So many bytes of a file; fewer where it ends before. */
export async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, at);
  return bytes.subarray(0, bytesRead);
}

/**
 * The records of the frames from a place on. What is no whole frame is passed over to the next one, and
 * told.
 */
export async function* framedRecords(
  { file, end }: BackupBytes,
  { kinds }: Pick<WantedRecords, 'kinds'>,
  start: number,
): AsyncGenerator<BackupRecord | BrokenRecord, void, void> {
  const window = new ByteWindow(file, start, end);
  while ((await window.peek(1)).length > 0) {
    const frame = await nextFrame(window);
    if (frame === null && (await passSkipped(window))) continue;
    if (frame === null) {
      const from = window.at;
      await passToFrame(window);
      const name = `bytes ${from} to ${window.at - 1}`;
      yield broken(name, `The bytes ${from} to ${window.at - 1} of it are damaged.`);
      continue;
    }
    for (let start = 0; start < frame.length; ) {
      const newline = frame.indexOf(NEWLINE, start);
      const end = newline === -1 ? frame.length : newline;
      const place = `a line before byte ${window.at}`;
      const record = recordOfLine(frame.subarray(start, end), place, kinds);
      if (record !== null) yield record;
      start = end + 1;
    }
  }
}

/** Passes over a frame that readers of Zstandard pass over; false where none comes next. */
async function passSkipped(window: ByteWindow): Promise<boolean> {
  const header = await window.peek(SKIPPED_HEADER);
  if (header.length < SKIPPED_HEADER || !header.subarray(0, 4).equals(SKIPPED_MAGIC)) return false;
  const length = SKIPPED_HEADER + header.readUInt32LE(4);
  // Where the header is damaged that may be any number, and all of it would be read.
  if (length > MOST_SKIPPED) return false;
  if ((await window.peek(length)).length < length) return false;
  window.pass(length);
  return true;
}

/** Goes on to what looks like the start of the next frame, or to the end. */
async function passToFrame(window: ByteWindow): Promise<void> {
  for (window.pass(1); ; ) {
    const bytes = await window.peek(4);
    if (bytes.length < 4) return window.pass(bytes.length);
    const [data, skipped] = [FRAME_MAGIC, SKIPPED_MAGIC].map((magic) => bytes.indexOf(magic));
    const found = [data ?? -1, skipped ?? -1].filter((at) => at >= 0);
    if (found.length > 0) return window.pass(Math.min(...found));
    // A magic may begin in the last three bytes.
    window.pass(bytes.length - 3);
  }
}
