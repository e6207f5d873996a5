import { basename } from 'node:path';
import type { Transcript } from '../../repository/importer.ts';
import { textIn } from '../reading/fields.ts';
import { createdOf, type Stored, type StoredMessage, type StoredSession } from './stored.ts';
import type { StoredReading } from './stored-reading.ts';

/**
 * The messages of a session with their parts, in the order in which they were made. `partsOf` gives the
 * files of a message's parts. Of copies the one counts that was changed last.
 */
export async function messagesOf(
  session: StoredSession,
  partsOf: (message: string) => readonly Transcript[],
  reading: StoredReading,
): Promise<StoredMessage[]> {
  const messages = await newest(session.messages, reading, isMessage, ({ file, fields }) => {
    return textIn(fields, 'id') ?? basename(file.path, '.json');
  });
  const whole: StoredMessage[] = [];
  for (const [id, message] of messages) {
    // Files of parts are named in the order in which parts were made.
    const nameOf = ({ file }: Stored) => basename(file.path);
    const parts = await newest(partsOf(id), reading, isPart, nameOf);
    const named = [...parts].sort(([a], [b]) => (a < b ? -1 : 1));
    whole.push({ ...message, id, parts: named.map(([, part]) => part) });
  }
  return whole.sort((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1));
}

async function newest(
  files: readonly Transcript[],
  reading: StoredReading,
  isKnown: (stored: Stored, reading: StoredReading) => boolean,
  nameOf: (stored: Stored) => string,
): Promise<Map<string, Stored>> {
  const found = new Map<string, Stored>();
  for (const file of files) {
    const stored = await reading.read(file);
    if (stored === undefined || !isKnown(stored, reading)) continue;
    const known = found.get(nameOf(stored));
    const isNewer = known === undefined || file.modifiedAt > known.file.modifiedAt;
    if (isNewer) found.set(nameOf(stored), stored);
  }
  return found;
}

function isMessage({ file, fields }: Stored, reading: StoredReading): boolean {
  if (Array.isArray(fields.parts)) {
    reading.leave(file, 'The message is in the first form of opencode, which is not read.', fields);
    return false;
  }
  if (fields.role === 'user' || fields.role === 'assistant') return true;
  const role = textIn(fields, 'role') ?? '(none)';
  reading.leave(
    file,
    `Messages of the role ${role} are not known; nothing of it is in a run.`,
    fields,
  );
  return false;
}

function isPart({ file, fields }: Stored, reading: StoredReading): boolean {
  if (PART_TYPES.has(fields.type)) return true;
  const type = textIn(fields, 'type') ?? '(none)';
  reading.leave(
    file,
    `Parts of the type ${type} are not known; nothing of it is in a run.`,
    fields,
  );
  return false;
}

const PART_TYPES: ReadonlySet<unknown> = new Set([
  ...['text', 'reasoning', 'tool', 'step-start', 'step-finish', 'file', 'patch', 'snapshot'],
  ...['agent', 'subtask', 'retry', 'compaction'],
]);

function rankOf({ id, fields }: StoredMessage): string {
  return `${createdOf(fields) ?? '~'} ${id}`;
}
