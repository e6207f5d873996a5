import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BATCH_BYTES } from '../../repository/batch-limits.ts';
import type { Folder } from './folder.ts';

/** Files that are taken in before others may enter the folder again. */
const GROUP_FILES = 200;
/** Long enough for somebody who waits to come in between: waiting is done by trying again. */
const LET_OTHERS_IN_MS = 5;
const NAMED_BY_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.json$/;

/** What may be said to a long piece of work. */
export interface LongWork {
  /** Is told now and then how far it is. */
  onProgress?: ((done: number, total: number) => void) | undefined;
  /** Ends it between two groups. */
  signal?: AbortSignal | undefined;
}

/** Brings the index up to what these entries are now, in groups of some files or 8 MB each. */
export async function takeInAll(
  folder: Folder,
  names: readonly string[],
  { onProgress, signal }: LongWork = {},
): Promise<void> {
  let done = 0;
  for (const group of groupsOf(folder.parts.path, inTurn(names))) {
    if (signal?.aborted) return;
    if (done > 0) await sleep(LET_OTHERS_IN_MS);
    await folder.refresh(group);
    done += group.length;
    onProgress?.(done, names.length);
  }
}

/** Files that are named by a run come first: another one of the same run then never counts for a while. */
function inTurn(names: readonly string[]): string[] {
  const [named, others] = [true, false].map((wanted) =>
    names.filter((name) => NAMED_BY_ID.test(name) === wanted),
  );
  return [...(named ?? []), ...(others ?? [])];
}

function* groupsOf(folder: string, names: readonly string[]): Generator<string[], void, void> {
  let group: string[] = [];
  let bytes = 0;
  for (const name of names) {
    group.push(name);
    bytes += sizeOf(join(folder, name));
    if (group.length < GROUP_FILES && bytes < BATCH_BYTES) continue;
    yield group;
    group = [];
    bytes = 0;
  }
  if (group.length > 0) yield group;
}

function sizeOf(path: string): number {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  } catch {
    // Whatever is in the way: it is met again, and told, when the file is read.
    return 0;
  }
}
