import {
  type ImportedFile,
  type ImportedFileChange,
  type ImportedFileKey,
  type ImportedFilesRequest,
  type KeptFile,
  keyOfFile,
  type SourcePiece,
} from '../../repository/imported-file.ts';

const NEVER = new Date(0).toISOString();

interface Kept {
  file: ImportedFile;
  pieces: readonly SourcePiece[];
  keptAt: number;
}

/** Files that runs were imported from, by key. */
export class MemoryFiles {
  readonly #files = new Map<string, Kept>();

  #newest = 0;

  keep(changes: readonly ImportedFileChange[], now: number): void {
    this.#newest = Math.max(this.#newest, now);
    const keptAt = this.#newest;
    for (const { file, pieces } of changes) {
      const key = nameOf(file);
      const before = this.#files.get(key)?.pieces ?? [];
      const kept = pieces ? [...before.slice(0, pieces.from), ...pieces.pieces] : before;
      this.#files.set(key, structuredClone({ file, pieces: kept, keptAt }));
    }
  }

  page({ agent, after, limit, keptSince = NEVER }: ImportedFilesRequest): KeptFile[] {
    const start = after ? nameOf(after) : '';
    const since = Date.parse(keptSince);
    const keys = [...this.#files.keys()].filter((key) => key > start).sort();
    const files = keys.flatMap((key) => this.#files.get(key) ?? []);
    const wanted = files.filter(
      ({ file, keptAt }) => (agent === undefined || file.agent === agent) && keptAt >= since,
    );
    return structuredClone(
      wanted
        .slice(0, limit)
        .map(({ file, keptAt }) => ({ ...file, keptAt: new Date(keptAt).toISOString() })),
    );
  }

  piece(file: ImportedFileKey, ordinal: number): SourcePiece | null {
    return structuredClone(this.#files.get(nameOf(file))?.pieces[ordinal] ?? null);
  }
}

function nameOf(file: ImportedFileKey): string {
  return keyOfFile(file).toString('hex');
}
