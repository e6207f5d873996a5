import { BATCH_BYTES } from './batch-limits.ts';
import {
  type ImportedFile,
  type ImportedFileKey,
  keyOfFile,
  type SourcePiece,
} from './imported-file.ts';
import type { SourceItem } from './run-source.ts';
import type { RunStore } from './run-store.ts';

/** A file as sources give it, in portions that are not too large to be held; the last is marked as such. */
export type FileItem = Extract<SourceItem, { kind: 'file' }>;

/** How many rows are read at once. */
const PAGE = 200;

/**
 * The imported files of a store, each with all its pieces: those that are wanted, and, with `keptSince`
 * (ISO 8601), those alone that were kept at that time or later. Memory holds a page of files, and a portion of one.
 */
export async function* fileItems(
  store: RunStore,
  isWanted: (file: ImportedFile) => boolean,
  keptSince?: string,
): AsyncGenerator<FileItem, void, void> {
  let after: ImportedFileKey | null = null;
  for (;;) {
    const since = keptSince === undefined ? {} : { keptSince };
    const page: ImportedFile[] = await store.importedFiles({ limit: PAGE, after, ...since });
    for (const file of page) if (isWanted(file)) yield* portionsOf(store, file);
    const last = page.at(-1);
    if (last === undefined) return;
    after = last;
  }
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
