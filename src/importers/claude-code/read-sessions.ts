import { basename, dirname } from 'node:path';
import type { ImportedItem, ReadContext, Transcript } from '../../repository/importer.ts';
import { folderName } from '../reading/folder-name.ts';
import { runItem } from '../reading/source-items.ts';
import { takeLines } from '../reading/take-lines.ts';
import { isGrowing } from '../reading/unfinished.ts';
import { orderFiles } from './file-order.ts';
import { finishRun } from './finish-run.ts';
import type { RunDraft } from './run-draft.ts';
import { SessionLinks } from './session-links.ts';
import { SessionReader } from './session-reader.ts';

/**
 * The runs of session files, and every line that could not be taken, by file and line. Memory holds the
 * runs of one file, and the ids of lines and model calls of all.
 */
export async function* readSessions(
  files: readonly Transcript[],
  context: ReadContext,
): AsyncGenerator<ImportedItem, void, void> {
  const seen = { lines: new Set<string>(), calls: new Set<string>() };
  for (const { session, files: parts } of await orderFiles(files)) {
    const links = new SessionLinks();
    for (const file of parts) {
      const link = (name: string) => context.link(file, name);
      const reader = new SessionReader(session, links, { ...seen, link });
      yield* readFile(file, reader, context.now);
    }
  }
}

async function* readFile(
  file: Transcript,
  reader: SessionReader,
  now: number,
): AsyncGenerator<ImportedItem, void, void> {
  const isRead = yield* takeLines(file, (line, number) => reader.take(line, number));
  if (!isRead) return;
  reader.end();
  for (const draft of reader.runs) {
    if (isCopy(draft)) continue;
    const run = finishRun(draft, {
      path: file.path,
      modifiedAt: new Date(file.modifiedAt).toISOString(),
      mayGrow: isGrowing(file, now) && reader.isLast(draft),
      repository:
        reader.repositoryOf(draft) ?? (folderName(basename(dirname(file.path))) || 'unknown'),
    });
    yield runItem(file, `line ${draft.line}`, run);
  }
}

/** All that it did was done in another file, which has it. */
function isCopy({ copiedCalls, calls, steps }: RunDraft): boolean {
  return copiedCalls > 0 && calls.length === 0 && !steps.some(({ kind }) => kind === 'tool_call');
}
