import type { ImportedItem, ReadContext, Transcript } from '../../repository/importer.ts';
import { byPath } from '../reading/find-transcripts.ts';
import { readJsonRecords } from '../reading/json-records.ts';
import { runItem, setAside, setAsideValue } from '../reading/source-items.ts';
import { isGrowing } from '../reading/unfinished.ts';
import { unreadFile } from '../reading/unread-file.ts';
import { finishRun } from './finish-run.ts';
import { ProjectFolder } from './project-folder.ts';
import { mergedMessages, SessionLog, type Unread } from './session-log.ts';
import { type Agents, SessionRuns } from './session-runs.ts';

/**
 * The runs of session files, and what could not be taken, by file and place. Files that are given
 * together are held in memory together: a session may stand in several, and each may have what another
 * has not.
 */
export async function* readSessions(
  files: readonly Transcript[],
  context: ReadContext,
): AsyncGenerator<ImportedItem, void, void> {
  const logs: SessionLog[] = [];
  for (const file of byPath(files)) {
    const log = new SessionLog(file);
    try {
      yield* readLog(log);
      logs.push(log);
    } catch (error) {
      yield unreadFile(file, error);
    }
  }
  const taken: Taken = { messages: new Set(), agents: new Map() };
  for (const session of inOrder(logs)) yield* runsOf(session, taken, context);
}

async function* readLog(log: SessionLog): AsyncGenerator<ImportedItem, void, void> {
  const { file } = log;
  for await (const record of readJsonRecords(file)) {
    const { place } = record;
    if (record.kind === 'unread') yield setAside(file, place, record.reason, record.bytes);
    else yield* log.take(record.value, place).map((unread) => unreadItem(file, unread));
  }
}

/** Of a file that is no session no bytes are kept: it may be anything. */
function unreadItem(file: Transcript, { place, reason, value }: Unread): ImportedItem {
  return value === undefined
    ? setAside(file, place, reason)
    : setAsideValue(file, place, reason, value);
}

/** What the sessions before had. */
interface Taken {
  messages: Set<string>;
  agents: Agents;
}

/**
 * Sessions by the time at which they begin, those of subagents last, so that who started them is known.
 * Messages that stand alone come after all that may have them in their place.
 */
function inOrder(logs: readonly SessionLog[]): SessionLog[][] {
  const sessions = Map.groupBy(logs, ({ sessionId, file }) => sessionId ?? file.path);
  const rank = ([first]: SessionLog[]) =>
    `${first?.sessionId === undefined ? 2 : first.isSubagent ? 1 : 0} ${first?.startTime ?? '~'}`;
  return [...sessions.values()].sort((a, b) =>
    rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0,
  );
}

function* runsOf(
  logs: readonly SessionLog[],
  taken: Taken,
  context: ReadContext,
): Generator<ImportedItem, void, void> {
  const [first] = logs;
  if (first === undefined) return;
  for (const log of logs) for (const name of log.names()) context.link(log.file, name);
  const runs = new SessionRuns(first, taken.agents);
  const folder = new ProjectFolder(first.projectHash, first.file.path);
  for (const message of mergedMessages(logs)) {
    folder.take(message.fields);
    if (taken.messages.has(message.key)) continue;
    taken.messages.add(message.key);
    const reason = runs.take(message);
    if (reason !== null) yield setAsideValue(message.file, message.place, reason, message.fields);
  }
  const mayGrow = logs.some(({ file }) => isGrowing(file, context.now));
  for (const draft of runs.drafts) {
    const run = finishRun(draft, { folder, mayGrow: mayGrow && draft === runs.drafts.at(-1) });
    yield runItem(draft.begin.file, draft.begin.place, run);
  }
}
