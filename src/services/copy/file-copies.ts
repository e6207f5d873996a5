import type { FileItem } from '../../repository/file-items.ts';
import { nameOfFile } from '../../repository/file-items.ts';
import {
  digestOfFile,
  type ImportedFile,
  type ImportedFileKey,
} from '../../repository/imported-file.ts';
import type { RunStore } from '../../repository/run-store.ts';

const PAGE = 500;

interface Known {
  digest: string;
  modifiedAt: number;
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
    let after: ImportedFileKey | null = null;
    for (;;) {
      const page: ImportedFile[] = await target.importedFiles({ limit: PAGE, after });
      for (const file of page) known.set(nameOfFile(file), noteOf(file));
      const last = page.at(-1);
      if (last === undefined) return new FileCopies(target, known);
      after = last;
    }
  }

  /** Whether the target lacks it. What it knows of a later state of the file stays. */
  isWanted(file: ImportedFile): boolean {
    const there = this.#known.get(nameOfFile(file));
    const note = noteOf(file);
    return (
      there === undefined || (there.digest !== note.digest && there.modifiedAt <= note.modifiedAt)
    );
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
  return { digest: digestOfFile(file), modifiedAt: Number(file.state.modifiedAt ?? 0) };
}
