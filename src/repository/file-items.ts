import { BATCH_BYTES } from './batch-limits.ts';
import {
  asUnread,
  digestOfFile,
  type ImportedFile,
  type ImportedFileKey,
  type ImportedFilesRequest,
  type KeptFile,
  keyOfFile,
  type SourcePiece,
} from './imported-file.ts';
import type { SourceItem } from './run-source.ts';
import type { RunStore } from './run-store.ts';

/** A file as sources give it, in portions that are not too large to be held; the last is marked as such. */
export type FileItem = Extract<SourceItem, { kind: 'file' }>;

/** How many rows are read at once. */
const PAGE = 200;

/** Every imported file that a store knows, or those alone that are asked for. */
export async function* filesOf(
  store: Pick<RunStore, 'importedFiles'>,
  which: Pick<ImportedFilesRequest, 'agent' | 'keptSince'> = {},
): AsyncGenerator<KeptFile, void, void> {
  let after: ImportedFileKey | null = null;
  for (;;) {
    const page: KeptFile[] = await store.importedFiles({ ...which, limit: PAGE, after });
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last;
  }
}

/** What a store knew of imported files at a moment: some 200 bytes for each. */
export class FilesThen {
  readonly #digests = new Map<string, string>();
  #newest: string | null = null;

  static async of(store: RunStore): Promise<FilesThen> {
    const then = new FilesThen();
    for await (const file of filesOf(store)) {
      then.#digests.set(nameOfFile(file), digestOfFile(file));
      if (file.keptAt > (then.#newest ?? '')) then.#newest = file.keptAt;
    }
    return then;
  }

  /** The newest time at which one was kept; null where there was none. */
  get newest(): string | null {
    return this.#newest;
  }

  /** Whether nothing was learned of a file since. */
  isAsThen(file: ImportedFile): boolean {
    return this.#digests.get(nameOfFile(file)) === digestOfFile(file);
  }
}

/**
 * The imported files of a store that are wanted, each with all its pieces. `then`: what was known when the
 * runs were looked at. A file that was read since gave runs that are not among these, so it is given as if it
 * had not been read. Memory holds a page of files, and a portion of one.
 */
export async function* fileItems(
  store: RunStore,
  { isWanted, then, keptSince }: FilesWanted,
): AsyncGenerator<FileItem, void, void> {
  const which = keptSince === undefined ? {} : { keptSince };
  for await (const { keptAt: _, ...file } of filesOf(store, which)) {
    const given = then === undefined || then.isAsThen(file) ? file : asUnread(file);
    if (isWanted(given)) yield* portionsOf(store, given);
  }
}

/** Which files are given. */
export interface FilesWanted {
  isWanted: (file: ImportedFile) => boolean;
  then?: FilesThen;
  keptSince?: string | undefined;
}

async function* portionsOf(
  store: RunStore,
  file: ImportedFile,
): AsyncGenerator<FileItem, void, void> {
  let pieces: SourcePiece[] = [];
  let from = 0;
  let bytes = 0;
  for (let ordinal = 0; ; ordinal += 1) {
    const piece = await store.sourcePiece(file, ordinal);
    if (piece === null) break;
    if (bytes > 0 && bytes + piece.packed.length > BATCH_BYTES / 2) {
      yield { kind: 'file', change: { file, pieces: { from, pieces } }, isWhole: false };
      from = ordinal;
      pieces = [];
      bytes = 0;
    }
    pieces.push(piece);
    bytes += piece.packed.length;
  }
  yield { kind: 'file', change: { file, pieces: { from, pieces } }, isWhole: true };
}

/** What a file is called in a table of files. */
export function nameOfFile(file: ImportedFileKey): string {
  return keyOfFile(file).toString('base64');
}
