import { type FileItem, filesOf, nameOfFile } from '../../repository/file-items.ts';
import { digestOfFile, extentOf, type ImportedFile } from '../../repository/imported-file.ts';
import type { RunStore } from '../../repository/run-store.ts';

interface Known extends ReturnType<typeof extentOf> {
  digest: string;
}

/** What a target knows of imported files, and what is copied into it. */
export class FileCopies {
  readonly #target: RunStore;
  readonly #known: Map<string, Known>;

  private constructor(target: RunStore, known: Map<string, Known>) {
    this.#target = target;
    this.#known = known;
  }

  /** Reads what the target knows: some 200 bytes for each file. */
  static async of(target: RunStore): Promise<FileCopies> {
    const known = new Map<string, Known>();
    for await (const file of filesOf(target)) known.set(nameOfFile(file), noteOf(file));
    return new FileCopies(target, known);
  }

  /**
   * Whether the target lacks it. What it knows of a later state of the file stays, and of the same time the
   * longer one; a document that is written anew may well be shorter later.
   */
  isWanted(file: ImportedFile): boolean {
    const there = this.#known.get(nameOfFile(file));
    const note = noteOf(file);
    if (there === undefined) return true;
    const isSameTime = there.modifiedAt === note.modifiedAt;
    const isLess = isSameTime ? there.bytes > note.bytes : there.modifiedAt > note.modifiedAt;
    return there.digest !== note.digest && !isLess;
  }

  /**
   * Writes a portion of a file. Until it is whole, nothing is known of it there, so that a copy that ends
   * early copies it again. Gives the paths of what did not arrive as it was given, if that is looked at.
   */
  async write({ change, isWhole }: FileItem, readsBack: boolean): Promise<string[]> {
    const { file, pieces } = change;
    const none = { state: {}, links: new Uint8Array(), runs: new Uint8Array() };
    await this.#target.keepImportedFiles([
      isWhole ? change : { ...change, file: { ...file, ...none } },
    ]);
    if (isWhole) this.#known.set(nameOfFile(file), noteOf(file));
    if (!readsBack) return [];
    for (const [at, piece] of (pieces?.pieces ?? []).entries()) {
      const kept = await this.#target.sourcePiece(file, (pieces?.from ?? 0) + at);
      const isEqual = kept?.hash === piece.hash && Buffer.compare(kept.packed, piece.packed) === 0;
      if (!isEqual) return [file.path];
    }
    return [];
  }
}

function noteOf(file: ImportedFile): Known {
  return { digest: digestOfFile(file), ...extentOf(file) };
}
