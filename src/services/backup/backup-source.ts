import { RunledgerError } from '../../repository/errors.ts';
import { asUnread } from '../../repository/imported-file.ts';
import type { RunPast, RunSource, SourceItem, SourceRange } from '../../repository/run-source.ts';
import { type BackupAccess, type BackupFile, type BackupPart, recordsOf } from './backup-file.ts';
import type { BackupRecord } from './backup-record.ts';
import { itemOf, itemsBefore, laterThan, type ReadChain } from './former-runs.ts';
import { inScratchFolder } from './scratch-folder.ts';

/** What is restored of a backup. */
export interface BackupSourceOptions extends Pick<BackupAccess, 'newScratch'> {
  /** ISO 8601: what was there at this time. Default: what was there when it was taken. */
  at?: string | undefined;
}

/** A backup as a source. */
export interface BackupSource extends RunSource {
  /**
   * Finds out what was changed after the moment, which `items` does else. Rejects with POSITION_UNKNOWN for
   * one that the backup does not reach.
   */
  settle(): Promise<void>;
}

/**
 * A backup with all that it builds on, the full one first, as a source: each run once, as the last of them
 * has it. The past of a run is what the changes tell that they carry; it is read when it is first asked for,
 * and then takes memory for each change. Fails with CORRUPT for what is not what was written.
 */
export function backupSource(
  chain: readonly BackupFile[],
  { at, newScratch }: BackupSourceOptions,
): BackupSource {
  const origin = originOf(chain);
  const reader = chainReader(chain, newScratch, false);
  const later = memoize(async () =>
    at === undefined ? null : await laterThan(chain, at, await reader()),
  );
  const pasts = memoize(async () => await readPasts(await reader(), await later()));
  return {
    origin,
    async settle() {
      await later();
    },
    async count() {
      const [full] = chain;
      return chain.length === 1 && full !== undefined ? full.manifest.counts.runs : null;
    },
    async *items({ files } = {}) {
      const read = await reader();
      const undone = await later();
      if (undone === null) yield* itemsOf(read);
      else yield* inScratchFolder(newScratch, ({ path }) => itemsBefore(undone, read, path));
      if (files !== undefined) yield* filesOf(read, files, undone !== null);
    },
    pastOf: async (id) => (await pasts()).get(id) ?? { digests: [], isWhole: false },
  };
}

/** What names a backup with all that it builds on as a source. */
export function originOf(chain: readonly BackupPart[]): string {
  return `backup:${chain.at(-1)?.path}`;
}

async function* itemsOf(read: ReadChain): AsyncGenerator<SourceItem, void, void> {
  for await (const { record, isCurrent } of read('run', 'set-aside')) {
    if (!isCurrent) continue;
    if (record.kind === 'run') yield itemOf(record);
    else if (record.kind === 'set-aside') yield record;
  }
}

/**
 * What each backup has of files goes on from what those before it have. `isBefore`: the runs are those of an
 * earlier moment, so files are given as if they had not been read.
 */
async function* filesOf(
  read: ReadChain,
  isWanted: NonNullable<SourceRange['files']>,
  isBefore: boolean,
): AsyncGenerator<SourceItem, void, void> {
  for await (const { record } of read('file')) {
    if (record.kind !== 'file') continue;
    const { file } = record.change;
    const change = isBefore ? { ...record.change, file: asUnread(file) } : record.change;
    if (isWanted(change.file)) yield { ...record, change };
  }
}

/**
 * Reads a chain. Which runs are told again by a later backup is read first, from the increments alone.
 * What is broken is let through, or fails with CORRUPT.
 */
export function chainReader(
  chain: readonly BackupPart[],
  newScratch: BackupAccess['newScratch'],
  letsThrough: boolean,
): () => Promise<ReadChain> {
  const recordsIn = async function* (part: BackupPart, kinds: readonly BackupRecord['kind'][]) {
    for await (const record of recordsOf(part, kinds, { newScratch })) {
      if (record.kind !== 'broken' || letsThrough) yield record;
      else throw new RunledgerError('CORRUPT', `${part.path} is damaged: ${record.reason}`);
    }
  };
  return memoize(async () => {
    const lastOf = new Map<string, number>();
    for (const [place, part] of chain.entries()) {
      if (place === 0) continue;
      for await (const record of recordsIn(part, ['run', 'deleted'])) {
        if (record.kind === 'run') lastOf.set(record.run.id, place);
        if (record.kind === 'deleted') lastOf.set(record.id, place);
      }
    }
    return async function* read(...kinds) {
      for (const [place, part] of chain.entries()) {
        const isLast = place === chain.length - 1;
        for await (const record of recordsIn(part, kinds)) {
          const isCurrent =
            record.kind === 'run'
              ? (lastOf.get(record.run.id) ?? 0) === place
              : isLast || record.kind === 'broken';
          yield { record, isCurrent };
        }
      }
    };
  });
}

async function readPasts(
  read: ReadChain,
  later: Awaited<ReturnType<typeof laterThan>> | null,
): Promise<Map<string, RunPast>> {
  const pasts = new Map<string, { digests: string[]; isWhole: boolean }>();
  for await (const { record } of read('change')) {
    if (record.kind !== 'change' || later?.transactions.has(record.change.transaction)) continue;
    const { runId, operation, digest } = record.change;
    const past = pasts.get(runId) ?? { digests: [], isWhole: operation === 'insert' };
    if (digest !== null) past.digests.push(digest);
    pasts.set(runId, past);
  }
  return pasts;
}

function memoize<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
