import { hashLink, LINK_BYTES, LinkTable } from './link-table.ts';

/**
 * Files that hang together, because their paths say so or because they hold the same: what one of them
 * holds can be told only when all are read. Files are named by their paths.
 */
export class Families {
  readonly #groupOf: (path: string) => string;
  readonly #table = new LinkTable();
  readonly #numbers = new Map<string, number>();
  readonly #byGroup = new Map<string, number>();
  /** The members of the family that each file is in; the same list for all of them. */
  readonly #families: { paths: string[] }[] = [];

  constructor(groupOf: (path: string) => string = (path) => path) {
    this.#groupOf = groupOf;
  }

  /** The files that hang together with this one, itself among them. */
  membersOf(path: string): readonly string[] {
    return this.#families[this.#numberOf(path)]?.paths ?? [];
  }

  /** The file has this name. Gives what is kept of the link. */
  link(path: string, name: string): Buffer {
    const [high, low] = hashLink(name);
    this.#join(path, high, low);
    const bytes = Buffer.allocUnsafe(LINK_BYTES);
    bytes.writeUInt32LE(high, 0);
    bytes.writeUInt32LE(low, 4);
    return bytes;
  }

  /** The file has all of these names, which were kept. */
  linkAll(path: string, links: Uint8Array): void {
    const bytes = Buffer.from(links.buffer, links.byteOffset, links.length);
    for (let at = 0; at + LINK_BYTES <= bytes.length; at += LINK_BYTES) {
      this.#join(path, bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4));
    }
  }

  #join(path: string, high: number, low: number): void {
    const number = this.#numberOf(path);
    this.#unite(number, this.#table.ownerOf(high, low, number));
  }

  #numberOf(path: string): number {
    const known = this.#numbers.get(path);
    if (known !== undefined) return known;
    const number = this.#families.length;
    this.#numbers.set(path, number);
    this.#families.push({ paths: [path] });
    const group = this.#groupOf(path);
    const first = this.#byGroup.get(group);
    if (first === undefined) this.#byGroup.set(group, number);
    else this.#unite(first, number);
    return number;
  }

  #unite(one: number, other: number): void {
    const [a, b] = [this.#families[one], this.#families[other]];
    if (a === undefined || b === undefined || a === b) return;
    const [large, small] = a.paths.length < b.paths.length ? [b, a] : [a, b];
    large.paths.push(...small.paths);
    for (const path of small.paths) this.#families[this.#numbers.get(path) ?? -1] = large;
  }
}
