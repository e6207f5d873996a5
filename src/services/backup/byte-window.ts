import type { FileHandle } from 'node:fs/promises';

const PIECE = 1 << 20;

/** Reads a part of a file from front to back, in pieces that are no larger than what is asked for at once. */
export class ByteWindow {
  readonly #file: FileHandle;
  readonly #end: number;
  #held: Buffer = Buffer.alloc(0);
  /** Where in the file the next byte is. */
  at: number;

  constructor(file: FileHandle, start: number, end: number) {
    this.#file = file;
    this.#end = end;
    this.at = start;
  }

  /** The next bytes, so many at least unless the part ends before. They stay the next ones. */
  async peek(length: number): Promise<Buffer> {
    while (this.#held.length < length) {
      const from = this.at + this.#held.length;
      const wanted = Math.min(Math.max(PIECE, length - this.#held.length), this.#end - from);
      if (wanted <= 0) break;
      const piece = Buffer.allocUnsafe(wanted);
      const { bytesRead } = await this.#file.read(piece, 0, wanted, from);
      if (bytesRead === 0) break;
      this.#held = Buffer.concat([this.#held, piece.subarray(0, bytesRead)]);
    }
    return this.#held;
  }

  /** Goes on behind these bytes, which were looked at. */
  pass(length: number): void {
    this.#held = this.#held.subarray(length);
    this.at += length;
  }
}
