import { basename, dirname } from 'node:path';
import type { ImportedItem, ReadContext, Transcript } from '../../repository/importer.ts';
import { type Fields, objectIn, textIn, timeIn } from '../reading/fields.ts';
import { byPath } from '../reading/find-transcripts.ts';
import { folderName } from '../reading/folder-name.ts';
import { readJsonLines } from '../reading/json-lines.ts';
import { finishRun } from '../reading/run-draft.ts';
import { setAside } from '../reading/source-items.ts';
import { takeLines } from '../reading/take-lines.ts';
import { isGrowing } from '../reading/unfinished.ts';
import { unreadFile } from '../reading/unread-file.ts';
import { readEvent } from './event.ts';
import { EventIds } from './event-ids.ts';
import { type Place, SessionPlace } from './session-place.ts';
import { SessionRuns } from './session-runs.ts';

/** A session file, and what its first line says. */
interface Session {
  file: Transcript;
  id: string;
  beganAt: string;
}

/**
 * The runs of session files, and every line that could not be taken, by file and line. Memory holds the
 * runs of one file, and the ids of events of all.
 */
export async function* readSessions(
  files: readonly Transcript[],
  context: ReadContext,
): AsyncGenerator<ImportedItem, void, void> {
  const sessions: Session[] = [];
  for (const file of byPath(files)) {
    try {
      if (file.path.endsWith('.json')) yield setAside(file, 'file', OLD_FORM);
      else sessions.push(await sessionOf(file));
    } catch (error) {
      yield unreadFile(file, error);
    }
  }
  const ids = new EventIds();
  for (const session of sessions.sort(byBeginning)) yield* readSession(session, ids, context);
}

const OLD_FORM =
  'This is a session of an older version, in a form that is not read. It states no tokens.';

async function* readSession(
  { file, id }: Session,
  ids: EventIds,
  context: ReadContext,
): AsyncGenerator<ImportedItem, void, void> {
  const runs = new SessionRuns(id);
  const place = new SessionPlace();
  const places: Place[] = [];
  context.link(file, `session ${id}`);
  const isRead = yield* takeLines(file, (line, number) => {
    const event = readEvent(line, { file, session: id, place: `line ${number}` });
    if (event === null) return 'The line has no type.';
    if (event.type.endsWith('.message') && event.id) context.link(file, `event ${event.id}`);
    if (PLACES.has(event.type)) place.take(event.data);
    if (ids.isCopy(event.id)) return null;
    const reason = runs.take(event);
    if (runs.drafts.length > places.length) places.push(place.now);
    return reason;
  });
  if (!isRead) return;
  ids.endFile();
  const growing = isGrowing(file, context.now);
  for (const [index, draft] of runs.drafts.entries()) {
    const { repository, fields, metadata } = places[index] ?? place.now;
    const caller = runs.callers.get(draft);
    const isLast = draft === runs.main || (runs.callers.has(draft) && caller === runs.main);
    yield finishRun(draft, {
      repository: repository ?? (folderName(basename(dirname(file.path))) || 'unknown'),
      mayGrow: growing && isLast,
      fields: {
        ...{ ...fields, sessionId: id },
        ...(caller !== undefined && { callerRunId: caller.id }),
        ...(runs.recorded.has(draft) && { statusSource: 'recorded' }),
      },
      metadata,
    });
  }
}

const PLACES: ReadonlySet<string> = new Set([
  ...['session.start', 'session.resume', 'session.context_changed'],
]);

/** A session is called as its first line says, else like the folder or the file that it lies in. */
async function sessionOf(file: Transcript): Promise<Session> {
  const name = basename(file.path, '.jsonl');
  const id = name === 'events' ? basename(dirname(file.path)) : name;
  const head = await headOf(file);
  const data = objectIn(head, 'data');
  const beganAt = timeIn(data, 'startTime') ?? timeIn(head, 'timestamp') ?? '~';
  return { file, id: textIn(data, 'sessionId') ?? id, beganAt };
}

async function headOf(file: Transcript): Promise<Fields> {
  for await (const line of readJsonLines(file)) {
    if (line.kind === 'object') return line.value.type === 'session.start' ? line.value : {};
  }
  return {};
}

/** What stands in several counts in the session that began first; of copies of one, in the longest. */
function byBeginning(a: Session, b: Session): number {
  const [first, second] = [`${a.beganAt} ${a.id}`, `${b.beganAt} ${b.id}`];
  if (first !== second) return first < second ? -1 : 1;
  return b.file.size - a.file.size || (a.file.path < b.file.path ? -1 : 1);
}
