import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BATCH_BYTES } from '../../repository/batch-limits.ts';
import type { Folder } from './folder.ts';
import { isRunFileName } from './folder-names.ts';

/** Files that are taken in before others may enter the folder again. */
const GROUP_FILES = 200;
/** Long enough for somebody who waits to come in between: waiting is done by trying again. */
const LET_OTHERS_IN_MS = 5;

/** What may be said to a long piece of work. */
export interface LongWork {
  /** Is told now and then how far it is. */
  onProgress?: ((done: number, total: number) => void) | undefined;
  /** Ends it between two groups. */
  signal?: AbortSignal | undefined;
  /** How long others are waited for before BUSY, in milliseconds. */
  waitMs?: number | undefined;
}

/** Brings the index up to what these entries are now, in groups of some files or 8 MB each. */
export async function takeInAll(
  folder: Folder,
  names: readonly string[],
  { onProgress, signal, waitMs }: LongWork = {},
): Promise<void> {
  let done = 0;
  for (const group of groupsOf(inTurn(folder.parts.path, names))) {
    if (signal?.aborted) return;
    if (done > 0) await sleep(LET_OTHERS_IN_MS);
    await folder.refresh(group, { waitMs });
    done += group.length;
    onProgress?.(done, names.length);
  }
}

/** An entry that is to be taken in. */
interface Entry {
  name: string;
  /** Null where it is gone. */
  bytes: number | null;
}

/**
 * Files that are named by a run come first: another one of the same run then never counts for a while.
 * What is gone comes last: its run may have come under another name.
 */
function inTurn(folder: string, names: readonly string[]): Entry[] {
  const entries = names.map((name) => ({ name, bytes: sizeOf(join(folder, name)) }));
  const rank = ({ name, bytes }: Entry) => (bytes === null ? 2 : isRunFileName(name) ? 0 : 1);
  return entries.sort((a, b) => rank(a) - rank(b));
}

function* groupsOf(entries: readonly Entry[]): Generator<string[], void, void> {
  let group: string[] = [];
  let bytes = 0;
  for (const entry of entries) {
    group.push(entry.name);
    bytes += entry.bytes ?? 0;
    if (group.length < GROUP_FILES && bytes < BATCH_BYTES) continue;
    yield group;
    group = [];
    bytes = 0;
  }
  if (group.length > 0) yield group;
}

function sizeOf(path: string): number | null {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size ?? null;
  } catch {
    // Whatever is in the way: it is met again, and told, when the file is read.
    return 0;
  }
}
