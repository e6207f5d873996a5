import type { Transcript } from '../../repository/importer.ts';
import { type JsonReading, parseJson } from './parse-json.ts';

/** A file that is one JSON value, or why it is none. */
export type JsonDocument =
  | { kind: 'value'; value: unknown; hadNoNumbers: boolean }
  | { kind: 'unread'; reason: string };

/** What is longer is not read, so that memory stays bounded. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Reads a whole file as JSON. Rejects with the system's error where it cannot be read. */
export async function readJsonDocument(
  file: Pick<Transcript, 'bytes'>,
  reading?: JsonReading,
): Promise<JsonDocument> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of file.bytes()) {
    size += part.length;
    if (size > MAX_BYTES) return unread(`The file is longer than ${MAX_BYTES} bytes.`);
    parts.push(Buffer.from(part));
  }
  const text = Buffer.concat(parts)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  if (text.trim() === '') return unread('The file is empty.');
  const parsed = parseJson(text, reading);
  return parsed === undefined
    ? unread('The file is no valid JSON. If it is still being written, the next import takes it.')
    : { kind: 'value', ...parsed };
}

function unread(reason: string): JsonDocument {
  return { kind: 'unread', reason };
}
