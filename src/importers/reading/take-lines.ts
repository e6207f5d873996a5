import type { ImportedItem, Transcript } from '../../repository/importer.ts';
import type { Fields } from './fields.ts';
import { readJsonLines } from './json-lines.ts';
import { setAside, setAsideValue } from './source-items.ts';
import { unreadFile } from './unread-file.ts';

/**
 * Hands each line of a file on, with its number from 1, and gives what could not be taken. `take` answers
 * with a sentence about a line that it can make nothing of, otherwise null. False where the file cannot be
 * read to its end: its runs would look whole.
 */
export async function* takeLines(
  file: Transcript,
  take: (line: Fields, number: number) => string | null,
): AsyncGenerator<ImportedItem, boolean, void> {
  try {
    for await (const line of readJsonLines(file)) {
      const place = `line ${line.number}`;
      if (line.kind === 'unread') {
        yield setAside(file, place, line.reason, line.bytes);
        continue;
      }
      const reason = take(line.value, line.number);
      if (reason !== null) yield setAsideValue(file, place, reason, line.value);
    }
  } catch (error) {
    yield unreadFile(file, error);
    return false;
  }
  return true;
}
