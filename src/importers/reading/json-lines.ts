import { isUtf8 } from 'node:buffer';
import { isPlainObject } from '../../domain/json.ts';
import type { Transcript } from '../../repository/importer.ts';
import { type JsonReading, parseJson } from './parse-json.ts';
import { type FileLine, MAX_LINE_BYTES, readLines } from './read-lines.ts';

/** A line that holds a JSON object, or why it holds none. */
export type JsonLine =
  | { kind: 'object'; number: number; value: Readonly<Record<string, unknown>> }
  | UnreadLine;

/** A line of which nothing, or not all, was taken. */
export interface UnreadLine {
  kind: 'unread';
  number: number;
  /** One sentence that a person can act on. */
  reason: string;
  /** The line; null where it is too long to be kept. */
  bytes: Uint8Array | null;
}

/** Of a longer line the quarantine keeps the place and the reason alone. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;

/**
 * The lines of a JSONL file in order. A line with bytes that are no UTF-8, or with NaN, is taken,
 * and told of as well.
 */
export async function* readJsonLines(
  file: Pick<Transcript, 'bytes'>,
  reading?: JsonReading,
): AsyncGenerator<JsonLine, void, void> {
  for await (const line of readLines(file)) {
    const { number, bytes } = line;
    if (line.isTooLong) {
      yield unread(line, `The line is longer than ${MAX_LINE_BYTES} bytes; it was passed over.`);
      continue;
    }
    const parsed = parseJson(bytes.toString('utf8'), reading);
    const value = parsed?.value;
    if (!isPlainObject(value)) {
      yield unread(line, whyUnread(line, value));
      continue;
    }
    if (parsed?.hadNoNumbers) yield unread(line, NO_NUMBER);
    if (!isUtf8(bytes)) yield unread(line, NOT_UTF8);
    yield { kind: 'object', number, value };
  }
}

const NOT_UTF8 = 'The line holds bytes that are no UTF-8; in the run U+FFFD stands for them.';

const NO_NUMBER =
  'The line holds NaN or an infinity, which JSON does not have; in the run null stands for it.';

/** What a line is called that was not taken. */
function unread({ number, bytes, isTooLong }: FileLine, reason: string): UnreadLine {
  const isKept = !isTooLong && bytes.length <= MAX_KEPT_BYTES;
  return { kind: 'unread', number, reason, bytes: isKept ? Uint8Array.from(bytes) : null };
}

function whyUnread({ bytes, isEnded }: FileLine, value: unknown): string {
  if (value !== undefined) return 'The line is JSON, but no object.';
  if (bytes.subarray(0, 2).toString('latin1') === '//') {
    return 'The line is a comment, which JSON does not have.';
  }
  return isEnded
    ? 'The line is no valid JSON.'
    : 'The last line is cut off. If it is still being written, the next import takes it.';
}
