import type { Transcript } from '../../repository/importer.ts';
import { readJsonDocument } from './json-document.ts';
import { readJsonLines } from './json-lines.ts';
import type { JsonReading } from './parse-json.ts';

/** A value of a file, or something that could not be read. */
export type JsonRecord =
  | { kind: 'value'; place: string; value: unknown }
  | { kind: 'unread'; place: string; reason: string; bytes: Uint8Array | null };

/** The place of a value that is the whole file. */
export const WHOLE_FILE = 'file';

/**
 * The values of a file that is one JSON document, or holds an object in each line, whatever it is called.
 * Rejects with the system's error where it cannot be read.
 */
export async function* readJsonRecords(
  file: Transcript,
  reading?: JsonReading,
): AsyncGenerator<JsonRecord, void, void> {
  if (await isLines(file)) {
    for await (const line of readJsonLines(file, reading)) {
      const place = `line ${line.number}`;
      if (line.kind === 'object') yield { kind: 'value', place, value: line.value };
      else yield { kind: 'unread', place, reason: line.reason, bytes: line.bytes };
    }
    return;
  }
  const unread = { kind: 'unread', place: WHOLE_FILE, bytes: null } as const;
  const document = await readJsonDocument(file, reading);
  if (document.kind === 'unread') yield { ...unread, reason: document.reason };
  else {
    if (document.hadNoNumbers) yield { ...unread, reason: NO_NUMBER };
    yield { kind: 'value', place: WHOLE_FILE, value: document.value };
  }
}

/** What is said of a file with numbers that JSON does not have. */
export const NO_NUMBER =
  'The file holds NaN or an infinity, which JSON does not have; in runs null stands for it.';

/** By its name, or by its first line being an object. */
async function isLines(file: Transcript): Promise<boolean> {
  if (/\.(jsonl|ndjson)(\.zstd?)?$/.test(file.path)) return true;
  for await (const first of readJsonLines(file)) return first.kind === 'object';
  return false;
}
