/** Bytes that a name takes once it is hashed. */
export const LINK_BYTES = 8;

/**
 * Which file had a name first, for as many names as there are lines in all transcripts: 12 bytes for
 * each, in a table of which at most half is used. Names are hashed to 64 bits; two that meet by chance only
 * make their files be read together.
 */
export class LinkTable {
  #keys = new Uint32Array(2 * FIRST_SLOTS);
  /** One more than the number of the file; 0 is free. */
  #files = new Int32Array(FIRST_SLOTS);
  #used = 0;

  /** The number of the file that had this name first: this one, where none had. */
  ownerOf(high: number, low: number, file: number): number {
    if (2 * (this.#used + 1) > this.#files.length) this.#grow();
    const slot = this.#slotOf(high, low);
    const owner = this.#files[slot] ?? 0;
    if (owner > 0) return owner - 1;
    this.#set(slot, high, low, file + 1);
    this.#used += 1;
    return file;
  }

  #slotOf(high: number, low: number): number {
    const mask = this.#files.length - 1;
    let slot = low & mask;
    while (this.#files[slot] !== 0) {
      if (this.#keys[2 * slot] === high && this.#keys[2 * slot + 1] === low) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #set(slot: number, high: number, low: number, value: number): void {
    this.#keys[2 * slot] = high;
    this.#keys[2 * slot + 1] = low;
    this.#files[slot] = value;
  }

  #grow(): void {
    const [keys, files] = [this.#keys, this.#files];
    this.#keys = new Uint32Array(2 * keys.length);
    this.#files = new Int32Array(2 * files.length);
    for (const [slot, value] of files.entries()) {
      if (value === 0) continue;
      const [high = 0, low = 0] = [keys[2 * slot], keys[2 * slot + 1]];
      this.#set(this.#slotOf(high, low), high, low, value);
    }
  }
}

const FIRST_SLOTS = 1_024;

/** A name as two numbers of 32 bits: FNV-1a with two primes, each mixed at the end. */
export function hashLink(name: string): [high: number, low: number] {
  let high = 0x811c9dc5;
  let low = 0xc2b2ae35;
  for (let at = 0; at < name.length; at += 1) {
    const unit = name.charCodeAt(at);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit, 0x85ebca6b);
  }
  return [mixed(high ^ (low >>> 15)), mixed(low ^ (high >>> 13))];
}

function mixed(value: number): number {
  const once = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}
