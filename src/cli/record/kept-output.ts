/** The last bytes of an output: an end says more about what happened than a beginning. */
export class KeptOutput {
  readonly #capacity: number;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #total = 0;

  /** Keeps at most so many bytes. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** How many bytes there were in all. */
  get total(): number {
    return this.#total;
  }

  /** True when the beginning was dropped. */
  get isCut(): boolean {
    return this.#total > this.#capacity;
  }

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    this.#total += chunk.length;
    while (this.#bytes - (this.#chunks[0]?.length ?? 0) >= this.#capacity) {
      this.#bytes -= this.#chunks.shift()?.length ?? 0;
    }
  }

  /** What is kept as text; bytes that are no UTF-8 become U+FFFD. */
  text(): string {
    const bytes = Buffer.concat(this.#chunks);
    let start = Math.max(0, bytes.length - this.#capacity);
    // A cut inside a character would leave bytes that are none.
    while (this.isCut && start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
    return bytes.toString('utf8', start);
  }
}
