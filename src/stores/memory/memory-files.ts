import {
  type ImportedFile,
  type ImportedFileChange,
  type ImportedFileKey,
  keyOfFile,
  type SourcePiece,
} from '../../repository/imported-file.ts';

interface Kept {
  file: ImportedFile;
  pieces: readonly SourcePiece[];
}

/** Files that runs were imported from, by key. */
export class MemoryFiles {
  readonly #files = new Map<string, Kept>();

  keep(changes: readonly ImportedFileChange[]): void {
    for (const { file, pieces } of changes) {
      const key = nameOf(file);
      const before = this.#files.get(key)?.pieces ?? [];
      const kept = pieces ? [...before.slice(0, pieces.from), ...pieces.pieces] : before;
      this.#files.set(key, structuredClone({ file, pieces: kept }));
    }
  }

  page(agent: string | null, after: ImportedFileKey | null, limit: number): ImportedFile[] {
    const start = after === null ? '' : nameOf(after);
    const keys = [...this.#files.keys()].filter((key) => key > start).sort();
    const files = keys.flatMap((key) => this.#files.get(key)?.file ?? []);
    const wanted = files.filter((file) => agent === null || file.agent === agent);
    return structuredClone(wanted.slice(0, limit));
  }

  piece(file: ImportedFileKey, ordinal: number): SourcePiece | null {
    return structuredClone(this.#files.get(nameOf(file))?.pieces[ordinal] ?? null);
  }
}

function nameOf(file: ImportedFileKey): string {
  return keyOfFile(file).toString('hex');
}
