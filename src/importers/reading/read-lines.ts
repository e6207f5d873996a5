import type { Transcript } from '../../repository/importer.ts';

/** A line of a text file. */
export interface FileLine {
  /** From 1. */
  number: number;
  /** Without its line feed and without a byte order mark. Valid until the next line is asked for. */
  bytes: Buffer;
  /** False for a last line without an end: it may still be being written. */
  isEnded: boolean;
  /** The line is longer than `MAX_LINE_BYTES`; `bytes` is empty. */
  isTooLong: boolean;
}

/** A longer line is passed over, so that memory stays bounded. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The lines of a file, one by one; blank ones are counted and left out. Memory holds one line and one
 * piece. Rejects with the system's error where the file cannot be read.
 */
export async function* readLines(
  file: Pick<Transcript, 'bytes'>,
): AsyncGenerator<FileLine, void, void> {
  const line = new LineInParts();
  let number = 1;
  for await (const chunk of file.bytes()) {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, start);
      if (end < 0) break;
      const found = line.end(chunk.subarray(start, end), number, true);
      if (found !== null) yield found;
      number += 1;
      start = end + 1;
    }
    line.add(chunk.subarray(start));
  }
  const last = line.end(Buffer.alloc(0), number, false);
  if (last !== null) yield last;
}

/** A line whose bytes come in several chunks. */
class LineInParts {
  #parts: Buffer[] = [];
  #size = 0;

  /** The chunk is used again, so what is kept of it is copied. */
  add(part: Buffer): void {
    this.#size += part.length;
    if (this.#size > MAX_LINE_BYTES) this.#parts = [];
    else if (part.length > 0) this.#parts.push(Buffer.from(part));
  }

  /** The whole line, null where it is blank. The next begins anew. */
  end(last: Buffer, number: number, isEnded: boolean): FileLine | null {
    const isTooLong = this.#size + last.length > MAX_LINE_BYTES;
    const whole = this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last]);
    this.#parts = [];
    this.#size = 0;
    if (isTooLong) return { number, bytes: Buffer.alloc(0), isEnded, isTooLong };
    const bytes = withoutMark(whole, number);
    return isBlank(bytes) ? null : { number, bytes, isEnded, isTooLong };
  }
}

/** A carriage return before the end stays: JSON takes it for a space. */
function withoutMark(line: Buffer, number: number): Buffer {
  const hasMark = number === 1 && line.subarray(0, 3).equals(BYTE_ORDER_MARK);
  return hasMark ? line.subarray(3) : line;
}

function isBlank(line: Buffer): boolean {
  return line.length < 64 && line.toString('latin1').trim() === '';
}
