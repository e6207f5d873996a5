import type { ImportedItem, ReadContext, Transcript } from '../../repository/importer.ts';
import { runItem } from '../reading/source-items.ts';
import { takeLines } from '../reading/take-lines.ts';
import { isGrowing } from '../reading/unfinished.ts';
import { ExecReader, isExecLine } from './exec-reader.ts';
import { finishRun } from './finish-run.ts';
import { sessionOfFile } from './rollout-files.ts';
import { RolloutReader } from './rollout-reader.ts';
import type { RunDraft } from './run-draft.ts';

type Reader = RolloutReader | ExecReader;

interface ReadFile {
  file: Transcript;
  reader: Reader;
}

/**
 * The runs of rollout files that belong together, and every line that could not be taken. Memory holds the
 * runs of all of them: sessions that were forked or that started one another.
 */
export async function* readRollouts(
  files: readonly Transcript[],
  { now, link }: ReadContext,
): AsyncGenerator<ImportedItem, void, void> {
  const read: ReadFile[] = [];
  for (const file of files) {
    const reader = yield* readFile(file);
    if (reader !== null) read.push({ file, reader });
  }
  read.sort(byStart);
  const given = new Set<string>();
  for (const { file, reader } of read) {
    const { notes } = reader;
    for (const session of [notes.id, notes.forkedFrom, notes.parent]) {
      if (session !== undefined) link(file, `session ${session}`);
    }
    for (const { key } of reader.runs) link(file, key);
    const origin = read.find((other) => other.reader.notes.id === notes.forkedFrom);
    const copied = origin === undefined ? 0 : copiedFrom(origin.reader.runs, reader.runs);
    for (const [at, draft] of reader.runs.entries()) {
      if (at < copied || given.has(draft.key)) continue;
      given.add(draft.key);
      const isLast = at === reader.runs.length - 1;
      const mayGrow = isLast && isGrowing(file, now);
      const callerRunId = callerOf(read, reader);
      const run = finishRun(draft, { file, notes, mayGrow, callerRunId });
      yield runItem(file, `line ${draft.line}`, run);
    }
  }
}

/** Null where the file cannot be read. */
async function* readFile(file: Transcript): AsyncGenerator<ImportedItem, Reader | null, void> {
  const session = sessionOfFile(file);
  let reader: Reader | undefined;
  const isRead = yield* takeLines(file, (line, number) => {
    reader ??= isExecLine(line) ? new ExecReader(session) : new RolloutReader(session);
    return reader.take(line, number);
  });
  return isRead ? (reader ?? new RolloutReader(session)) : null;
}

/** When a session began; those that do not say come last, and then the path decides. */
function byStart(a: ReadFile, b: ReadFile): number {
  const [one, other] = [startOf(a), startOf(b)];
  if (one !== other) return one < other ? -1 : 1;
  return a.file.path < b.file.path ? -1 : 1;
}

function startOf({ reader }: ReadFile): string {
  return reader.notes.startedAt ?? reader.runs[0]?.startedAt ?? '~';
}

/** How many runs a fork begins with that are those of the session that it was made of. */
function copiedFrom(origin: readonly RunDraft[], fork: readonly RunDraft[]): number {
  const first = fork.findIndex(({ prompt }, at) => prompt !== origin[at]?.prompt);
  return first === -1 ? fork.length : first;
}

/** The run of another session that was under way when this one began. */
function callerOf(read: readonly ReadFile[], { notes }: Reader): string | undefined {
  if (notes.parent === undefined) return undefined;
  const parent = read.find(({ reader }) => reader.notes.id === notes.parent)?.reader;
  const start = notes.startedAt ?? '~';
  const before = parent?.runs.filter((run) => (run.startedAt ?? '') <= start);
  return (before?.at(-1) ?? parent?.runs[0])?.id;
}
