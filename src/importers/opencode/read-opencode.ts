import type { ImportedItem, ReadContext, Transcript } from '../../repository/importer.ts';
import { type Fields, objectIn, optional, textIn } from '../reading/fields.ts';
import { byPath } from '../reading/find-transcripts.ts';
import { folderName } from '../reading/folder-name.ts';
import { WHOLE_FILE } from '../reading/json-records.ts';
import { finishRun, type RunDraft } from '../reading/run-draft.ts';
import { setAside } from '../reading/source-items.ts';
import { isGrowing } from '../reading/unfinished.ts';
import { readOutputs } from './read-outputs.ts';
import { messagesOf } from './session-messages.ts';
import { type SeenElsewhere, SessionRuns } from './session-runs.ts';
import { storedPlace } from './storage-files.ts';
import { StorageIndex } from './storage-index.ts';
import type { StoredMessage, StoredSession } from './stored.ts';
import { StoredReading } from './stored-reading.ts';

const DATABASE =
  'Newer versions of opencode keep their sessions in this database, which is not read yet: nothing of it is in a run.';

/**
 * The runs of storages, and of what `run` printed, and what could not be taken, by file. Memory holds the
 * paths of all files, the ids of their messages, and the messages of one session.
 */
export async function* readOpencode(
  files: readonly Transcript[],
  context: ReadContext,
): AsyncGenerator<ImportedItem, void, void> {
  const index = new StorageIndex();
  yield* index.add(files.filter(({ path }) => storedPlace(path) !== undefined));
  const seen: SeenElsewhere = { messages: new Set(), calls: new Set(), callers: new Map() };
  for (const session of index.inOrder()) yield* readSession(session, index, seen, context);
  yield* index.orphans();
  const others = byPath(files).filter(({ path }) => storedPlace(path) === undefined);
  for (const file of others.filter(isDatabase)) yield setAside(file, WHOLE_FILE, DATABASE);
  const printed = others.filter((file) => !isDatabase(file));
  yield* readOutputs(printed, seen.messages, context);
}

function isDatabase({ path }: Transcript): boolean {
  return path.endsWith('.db');
}

async function* readSession(
  session: StoredSession,
  index: StorageIndex,
  seen: SeenElsewhere,
  context: ReadContext,
): AsyncGenerator<ImportedItem, void, void> {
  const reading = new StoredReading();
  const messages = await messagesOf(session, (message) => index.takeParts(message), reading);
  yield* reading.told;
  // What `run` printed of this session is read with it.
  for (const { file } of messages.slice(0, 1)) context.link(file, `session ${session.id}`);
  const runs = new SessionRuns(seen);
  for (const message of messages) runs.take(message);
  const parts = messages.flatMap((message) => [message, ...message.parts]);
  const growing = parts.some(({ file }) => isGrowing(file, context.now));
  const { repository, cwd } = placeOf(session, messages);
  for (const draft of runs.drafts) {
    if (runs.copies.has(draft) && draft.calls.length === 0) continue;
    yield finishRun(draft, {
      repository,
      mayGrow: growing && draft === runs.drafts.at(-1),
      fields: {
        sessionId: session.id,
        ...optional('workingDirectory', cwd),
        ...optional('callerRunId', callerOf(session, draft, seen)),
      },
      metadata: optional('agentVersion', textIn(session.info, 'version')),
    });
  }
}

/** A session of a subagent may be gone on with: the last tool that did so before the run began started it. */
function callerOf({ id }: StoredSession, draft: RunDraft, seen: SeenElsewhere): string | undefined {
  const callers = seen.callers.get(id) ?? [];
  const begun = draft.startedAt ?? '';
  const caller = callers.findLast(({ at }) => at !== undefined && at <= begun) ?? callers[0];
  return caller?.run === draft ? undefined : caller?.run.id;
}

/** The folder that a session works in, and what its repository is called: the working tree around it. */
function placeOf(
  { info }: StoredSession,
  messages: readonly StoredMessage[],
): { repository: string; cwd: string | undefined } {
  const paths = messages.map(({ fields }) => fields.path);
  const told: Fields = { path: paths.find((path) => typeof path === 'string') };
  const path =
    paths.map((each) => objectIn({ each }, 'each')).find((each) => textIn(each, 'cwd')) ?? {};
  const cwd = textIn(info, 'directory') ?? textIn(path, 'cwd') ?? textIn(told, 'path');
  const root = textIn(path, 'root');
  // Outside of any working tree the root is that of the disk.
  const tree = root !== undefined && root.length > 1 && cwd?.startsWith(root) ? root : cwd;
  return { repository: (tree !== undefined && folderName(tree)) || 'unknown', cwd };
}
