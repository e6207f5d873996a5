import { basename, dirname } from 'node:path';
import { digestOf } from '../../domain/canonical.ts';
import { InvalidRun } from '../../domain/invalid-run.ts';
import { normalizeRun } from '../../domain/normalize-run.ts';
import type { SourceItem } from '../../repository/run-source.ts';
import type { ReadFilesOptions, TranscriptFile } from '../importer.ts';
import { readJsonLines } from '../json-lines.ts';
import { orderFiles } from './file-order.ts';
import { finishRun } from './finish-run.ts';
import { nameOf } from './place.ts';
import type { RunDraft } from './run-draft.ts';
import { type SeenElsewhere, SessionLinks } from './session-links.ts';
import { SessionReader } from './session-reader.ts';

/** A file that has not changed for so long is not being written any more. */
const QUIET_MS = 10 * 60_000;

/**
 * The runs of session files, and every line that could not be taken, by file and line. Memory holds the
 * runs of one file, and the ids of lines and model calls of all.
 */
export async function* readSessions(
  files: readonly TranscriptFile[],
  options: ReadFilesOptions,
): AsyncGenerator<SourceItem, void, void> {
  const seen: SeenElsewhere = { lines: new Set(), calls: new Set() };
  for (const { session, files: parts } of await orderFiles(files)) {
    const links = new SessionLinks();
    for (const file of parts) {
      yield* readFile(file, new SessionReader(session, links, seen), options);
    }
  }
}

async function* readFile(
  file: TranscriptFile,
  reader: SessionReader,
  { origin, now }: ReadFilesOptions,
): AsyncGenerator<SourceItem, void, void> {
  const { path } = file;
  try {
    for await (const line of readJsonLines(path)) {
      const { number } = line;
      const reason = line.kind === 'unread' ? line.reason : reader.take(line.value, number);
      if (reason === null) continue;
      const bytes = line.kind === 'unread' ? line.bytes : Buffer.from(JSON.stringify(line.value));
      yield setAside(origin, `${path}:${number}`, reason, bytes);
    }
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    // Runs of a file that was read in part would look whole.
    if (syscall === undefined) throw error;
    yield setAside(origin, path, `The file cannot be read (${code}).`, null);
    return;
  }
  reader.end();
  const isGrowing = now - file.modifiedAt < QUIET_MS;
  for (const draft of reader.runs) {
    if (isCopy(draft)) continue;
    const name = `${path}:${draft.line}`;
    const run = finishRun(draft, {
      path,
      modifiedAt: new Date(file.modifiedAt).toISOString(),
      mayGrow: isGrowing && reader.isLast(draft),
      repository: reader.repositoryOf(draft) ?? (nameOf(basename(dirname(path))) || 'unknown'),
    });
    yield itemOf(name, run, origin);
  }
}

/** All that it did was done in another file, which has it. */
function isCopy({ copiedCalls, calls, steps }: RunDraft): boolean {
  return copiedCalls > 0 && calls.length === 0 && !steps.some(({ kind }) => kind === 'tool_call');
}

function itemOf(name: string, value: object, origin: string): SourceItem {
  try {
    const run = normalizeRun(value);
    return { kind: 'run', name, run, digest: digestOf(run) };
  } catch (error) {
    if (!(error instanceof InvalidRun)) throw error;
    return setAside(
      origin,
      name,
      `The run that begins here cannot be kept: ${error.message}.`,
      null,
    );
  }
}

function setAside(
  origin: string,
  name: string,
  reason: string,
  bytes: Uint8Array | null,
): SourceItem {
  return { kind: 'set-aside', item: { origin, name, reason, bytes } };
}
