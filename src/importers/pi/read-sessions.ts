import { basename, dirname } from 'node:path';
import type { ImportedItem, ReadContext, Transcript } from '../../repository/importer.ts';
import { type Fields, textIn, timeIn } from '../reading/fields.ts';
import { byPath } from '../reading/find-transcripts.ts';
import { folderName } from '../reading/folder-name.ts';
import { readJsonLines } from '../reading/json-lines.ts';
import { finishRun } from '../reading/run-draft.ts';
import { takeLines } from '../reading/take-lines.ts';
import { isGrowing } from '../reading/unfinished.ts';
import { unreadFile } from '../reading/unread-file.ts';
import { type SeenElsewhere, SessionRuns } from './session-runs.ts';

/** A session file with its first entry. */
interface Session {
  file: Transcript;
  head: Fields;
}

/**
 * The runs of session files, and every line that could not be taken, by file and line. Memory holds the
 * runs of one file, and the ids of prompts and model calls of all.
 */
export async function* readSessions(
  files: readonly Transcript[],
  context: ReadContext,
): AsyncGenerator<ImportedItem, void, void> {
  const sessions: Session[] = [];
  for (const file of byPath(files)) {
    try {
      sessions.push({ file, head: await headOf(file) });
    } catch (error) {
      yield unreadFile(file, error);
    }
  }
  const seen: SeenElsewhere = { prompts: new Map(), calls: new Set() };
  for (const session of sessions.sort(byBeginning)) yield* readSession(session, seen, context);
}

async function* readSession(
  { file, head }: Session,
  seen: SeenElsewhere,
  context: ReadContext,
): AsyncGenerator<ImportedItem, void, void> {
  const session = textIn(head, 'id') ?? basename(file.path, '.jsonl');
  const link = (name: string) => context.link(file, name);
  for (const id of [session, parentOf(head)]) if (id !== undefined) link(`session ${id}`);
  const runs = new SessionRuns(file, { session, seen, link });
  const isRead = yield* takeLines(file, (line, number) => runs.take(line, number));
  if (!isRead) return;
  const cwd = textIn(head, 'cwd');
  const growing = isGrowing(file, context.now);
  for (const draft of runs.drafts) {
    if (runs.copies.has(draft) && draft.calls.length === 0) continue;
    yield finishRun(draft, {
      repository: folderName(cwd ?? basename(dirname(file.path))) || 'unknown',
      mayGrow: growing && draft === runs.current,
      fields: { sessionId: session, ...(cwd !== undefined && { workingDirectory: cwd }) },
      metadata: {},
    });
  }
}

/** The first line, where it is the head of a session. */
async function headOf(file: Transcript): Promise<Fields> {
  for await (const line of readJsonLines(file)) {
    if (line.kind === 'object') return line.value.type === 'session' ? line.value : {};
  }
  return {};
}

/** The id of the session that this one was forked from: its file is called by its time and id. */
function parentOf(head: Fields): string | undefined {
  const path = textIn(head, 'parentSession') ?? textIn(head, 'branchedFrom');
  return path === undefined ? undefined : /_([^_\\/]+)\.jsonl$/.exec(path)?.[1];
}

/**
 * By the time at which they begin: what stands in several counts in the first. Of copies of one session
 * the longest comes first, because the others have less of its last run.
 */
function byBeginning(a: Session, b: Session): number {
  const [first, second] = [beginningOf(a), beginningOf(b)];
  if (first !== second) return first < second ? -1 : 1;
  return b.file.size - a.file.size || (a.file.path < b.file.path ? -1 : 1);
}

function beginningOf({ head }: Session): string {
  return `${timeIn(head, 'timestamp') ?? '~'} ${textIn(head, 'id') ?? ''}`;
}
