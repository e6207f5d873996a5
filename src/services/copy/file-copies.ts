import { type FileItem, filesOf, nameOfFile } from '../../repository/file-items.ts';
import {
  digestOfFile,
  extentOf,
  type ImportedFile,
  type SourcePiece,
} from '../../repository/imported-file.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { bytesOfPiece } from '../../repository/source-piece.ts';
import type { ConflictWinner } from './copy-report.ts';
import { unpackDigests } from './packed-digests.ts';

interface Known extends ReturnType<typeof extentOf> {
  digest: string;
  /** As the file has them. */
  runs: Uint8Array;
}

/** What a target knows of imported files, and what is copied into it. */
export class FileCopies {
  readonly #target: RunStore;
  readonly #known: Map<string, Known>;
  /** Files of which a portion did not arrive as it was given. */
  readonly #damaged = new Set<string>();
  readonly #winner: ConflictWinner | undefined;
  /** Paths where the target knows another file than the source. */
  readonly apart = new Set<string>();

  private constructor(
    target: RunStore,
    known: Map<string, Known>,
    winner: ConflictWinner | undefined,
  ) {
    this.#target = target;
    this.#known = known;
    this.#winner = winner;
  }

  /**
   * Reads what the target knows: some 200 bytes for each file, and 48 for each run. `winner`: whose file stays
   * where the two know others at one path.
   */
  static async of(target: RunStore, winner?: ConflictWinner): Promise<FileCopies> {
    const known = new Map<string, Known>();
    for await (const file of filesOf(target)) known.set(nameOfFile(file), noteOf(file));
    return new FileCopies(target, known, winner);
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
    if (there.digest === note.digest || isLess) return false;
    // Two machines may have had files at one path: those give no run that is the same.
    if (this.#winner === 'source' || haveRunInCommon(there.runs, note.runs)) return true;
    if (this.#winner === undefined) this.apart.add(file.path);
    return false;
  }

  /**
   * Writes a portion of a file. Nothing is known of it in the target before all of it is there, and, if
   * `readsBack`, is what was kept, so that the next copy tries it again. Gives the path where it is not.
   */
  async write({ change, isWhole }: FileItem, readsBack: boolean): Promise<string[]> {
    const { file, pieces } = change;
    const none = { state: {}, links: new Uint8Array(), runs: new Uint8Array() };
    await this.#target.keepImportedFiles([{ ...change, file: { ...file, ...none } }]);
    const name = nameOfFile(file);
    for (const [at, piece] of (readsBack ? (pieces?.pieces ?? []) : []).entries()) {
      const kept = await this.#target.sourcePiece(file, (pieces?.from ?? 0) + at);
      if (!(await isAsGiven(piece, kept))) this.#damaged.add(name);
    }
    if (!isWhole) return [];
    if (this.#damaged.delete(name)) return [file.path];
    await this.#target.keepImportedFiles([{ file }]);
    this.#known.set(name, noteOf(file));
    return [];
  }
}

async function isAsGiven(given: SourcePiece, kept: SourcePiece | null): Promise<boolean> {
  if (kept?.hash !== given.hash || Buffer.compare(kept.packed, given.packed) !== 0) return false;
  return (await bytesOfPiece(kept)) !== null;
}

function noteOf(file: ImportedFile): Known {
  // A copy, because small buffers lie in larger ones, which each would keep in memory.
  return { digest: digestOfFile(file), runs: new Uint8Array(file.runs), ...extentOf(file) };
}

/** Whether one of two files gave a run that the other gave too. Of one that gave none nothing is known. */
function haveRunInCommon(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length === 0 || other.length === 0) return true;
  const ids = new Set(unpackDigests(one).map(([id]) => id));
  return unpackDigests(other).some(([id]) => ids.has(id));
}
