import { basename, dirname } from 'node:path';
import type { ImportedItem, ReadContext, Transcript } from '../../repository/importer.ts';
import { folderName } from '../reading/folder-name.ts';
import { finishRun } from '../reading/run-draft.ts';
import { takeLines } from '../reading/take-lines.ts';
import { isGrowing } from '../reading/unfinished.ts';
import { OutputRuns } from './output-runs.ts';

/**
 * The runs of files that `opencode run --format json` printed. Of copies the longest counts. `known`: the
 * messages that were read elsewhere; those of these files are added.
 */
export async function* readOutputs(
  files: readonly Transcript[],
  known: Set<string>,
  context: ReadContext,
): AsyncGenerator<ImportedItem, void, void> {
  const bySize = files.toSorted((a, b) => b.size - a.size || (a.path < b.path ? -1 : 1));
  for (const file of bySize) yield* readOutput(file, known, context);
}

async function* readOutput(
  file: Transcript,
  known: Set<string>,
  context: ReadContext,
): AsyncGenerator<ImportedItem, void, void> {
  const runs = new OutputRuns(file, known);
  const isRead = yield* takeLines(file, (line, number) => runs.take(line, number));
  if (!isRead) return;
  runs.end();
  for (const session of runs.sessions) context.link(file, `session ${session}`);
  const growing = isGrowing(file, context.now);
  for (const { draft, session } of runs.drafts) {
    yield finishRun(draft, {
      repository: folderName(basename(dirname(file.path))) || 'unknown',
      mayGrow: growing && draft === runs.drafts.at(-1)?.draft,
      fields: { sessionId: session },
      metadata: {},
    });
  }
}
