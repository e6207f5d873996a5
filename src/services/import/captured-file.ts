import { createHash, type Hash } from 'node:crypto';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import type { SourcePiece } from '../../repository/imported-file.ts';
import type { Transcript } from '../../repository/importer.ts';
import { type PieceNote, plainSize } from './file-state.ts';

/** Large enough to pack well, small enough that a growing file does not pack much of it again. */
export const PIECE_BYTES = 1024 * 1024;

const compress = promisify(zlib.zstdCompress);

/** What came through when a file was read to its end. */
export interface Captured {
  pieces: PieceNote[];
  /** The first piece that is wanted. */
  from: number;
  /** The bytes of the pieces from there on. */
  packed: SourcePiece[];
  /** Whether the file begins with all that was known of it. */
  isContinued: boolean;
}

/** Which bytes are wanted: none, those that are not as they were known, or all. */
export type Keeping = 'none' | 'new' | 'all';

/** A file of which it is noted what is read. */
export class CapturedFile implements Transcript {
  readonly path: string;
  readonly size: number;
  readonly modifiedAt: number;
  readonly #file: Transcript;
  readonly #known: readonly PieceNote[];
  readonly keeping: Keeping;
  /** Null until it was read to its end. */
  captured: Captured | null = null;

  /** `known`: its pieces when it was read last. */
  constructor(file: Transcript, known: readonly PieceNote[], keeping: Keeping) {
    this.path = file.path;
    this.size = file.size;
    this.modifiedAt = file.modifiedAt;
    this.#file = file;
    this.#known = known;
    this.keeping = keeping;
  }

  async *bytes(): AsyncGenerator<Buffer, void, void> {
    const capture = new Capture(this.#known, this.keeping);
    for await (const chunk of this.#file.bytes()) {
      await capture.take(chunk);
      yield chunk;
    }
    this.captured = await capture.end();
  }
}

/** Buffers of `PIECE_BYTES` that were packed: a new one for each file, however small, would be much garbage. */
const spareBuffers: Buffer[] = [];
const MOST_SPARE = 4;

class Capture {
  readonly #known: readonly PieceNote[];
  readonly #keeping: Keeping;
  readonly #pieces: PieceNote[] = [];
  readonly #packing: Promise<SourcePiece>[] = [];
  #from: number | null = null;
  #isContinued = true;
  #hash: Hash = createHash('sha256');
  #bytes: Buffer | null = null;
  #size = 0;

  constructor(known: readonly PieceNote[], keeping: Keeping) {
    this.#known = known;
    this.#keeping = keeping;
  }

  async take(chunk: Buffer): Promise<void> {
    for (let start = 0; start < chunk.length; ) {
      const part = chunk.subarray(start, start + this.#room());
      start += part.length;
      this.#hash.update(part);
      if (this.#keeping !== 'none') {
        this.#bytes ??= spareBuffers.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES);
        part.copy(this.#bytes, this.#size);
      }
      this.#size += part.length;
      if (this.#size === this.#expected?.size) this.#compare(this.#expected);
      if (this.#size === PIECE_BYTES) await this.#endPiece();
    }
  }

  async end(): Promise<Captured> {
    if (this.#size > 0) await this.#endPiece();
    const isLonger = this.#pieces.length >= this.#known.length;
    return {
      pieces: this.#pieces,
      from: this.#from ?? this.#pieces.length,
      packed: await Promise.all(this.#packing),
      isContinued: this.#isContinued && isLonger && plainSize(this) >= plainSizeOf(this.#known),
    };
  }

  get pieces(): PieceNote[] {
    return this.#pieces;
  }

  /** What was known of the piece that is being read. */
  get #expected(): PieceNote | undefined {
    return this.#known[this.#pieces.length];
  }

  /** To the end of the piece, or to where the known one ended. */
  #room(): number {
    const known = this.#expected?.size ?? PIECE_BYTES;
    return (this.#size < known ? known : PIECE_BYTES) - this.#size;
  }

  #compare({ hash }: PieceNote): void {
    if (this.#hash.copy().digest('hex') !== hash) this.#isContinued = false;
  }

  async #endPiece(): Promise<void> {
    const note = { size: this.#size, hash: this.#hash.digest('hex') };
    const isKnown = this.#expected?.size === note.size && this.#expected.hash === note.hash;
    if (!isKnown || this.#keeping === 'all') this.#from ??= this.#pieces.length;
    if (this.#keeping !== 'none' && this.#from !== null) await this.#pack(note);
    this.#pieces.push(note);
    this.#hash = createHash('sha256');
    this.#size = 0;
  }

  /** One is packed, on another thread, while the next is read. */
  async #pack(note: PieceNote): Promise<void> {
    await this.#packing.at(-1);
    const bytes = this.#bytes ?? Buffer.alloc(0);
    // The next piece must not be written over this one while it is packed.
    this.#bytes = null;
    const packing = compress(bytes.subarray(0, note.size)).then((packed) => {
      if (spareBuffers.length < MOST_SPARE) spareBuffers.push(bytes);
      return { ...note, packed };
    });
    // Whoever waits for it is told of a failure; until then it is none of nobody's.
    packing.catch(() => {});
    this.#packing.push(packing);
  }
}

function plainSizeOf(pieces: readonly PieceNote[]): number {
  return plainSize({ pieces: [...pieces] });
}
