import type { JsonValue } from '../../../domain/json.ts';
import { readBytes } from '../../sql/column-values.ts';
import {
  contentHash,
  missingContent,
  type PackedContent,
  packContent,
  unpackContent,
} from '../../sql/content.ts';
import { referencesIn, type TextOf } from '../../sql/packed-json.ts';
import type { Connection } from '../connection/connection.ts';

/** Texts of together so many UTF-16 units are asked for before they are packed and sent. */
const WORTH_ASKING = 16_384;

/** The large texts of one write: kept here first, so that each is hashed and packed once. */
export class NewContents {
  readonly #texts = new Map<string, string>();

  /** Keeps a text and gives its hash. */
  readonly keep = (text: string): string => {
    const hash = contentHash(text);
    this.#texts.set(hash, text);
    return hash;
  };

  /**
   * The rows that `contents` may lack, in the order of their hashes: writers that insert in different
   * orders would wait for one another in a circle.
   */
  async rows(db: Connection): Promise<ContentRow[]> {
    const hashes = await this.#lacking(db);
    return hashes.sort().map((hash) => {
      const { packing, size, bytes } = packContent(this.#texts.get(hash) ?? '');
      return [Buffer.from(hash, 'hex'), packing, size, bytes];
    });
  }

  async #lacking(db: Connection): Promise<string[]> {
    const hashes = [...this.#texts.keys()];
    const length = this.#texts.values().reduce((sum, text) => sum + text.length, 0);
    if (length < WORTH_ASKING) return hashes;
    const keys = hashes.map((hash) => Buffer.from(hash, 'hex'));
    const sql = 'SELECT hash FROM {s}.contents WHERE hash = ANY($1::bytea[])';
    const there = await db.rows(sql, [keys]);
    const known = new Set(there.map((row) => readBytes(row.hash)?.toString('hex')));
    return hashes.filter((hash) => !known.has(hash));
  }
}

/** The columns of `contents`, in the order of a row. */
export const CONTENT_COLUMNS = ['hash', 'packing', 'size', 'bytes'] as const;
type ContentRow = [hash: Uint8Array, packing: string, size: number, bytes: Uint8Array];

/** Large texts as they are read. */
export class KnownContents {
  readonly #texts = new Map<string, string>();
  #served = 0;

  /** Reads the texts that JSON values refer to, those that are not known yet. */
  async learn(db: Connection, values: Iterable<JsonValue | undefined>): Promise<void> {
    const wanted = new Set<string>();
    for (const value of values) {
      for (const hash of referencesIn(value)) if (!this.#texts.has(hash)) wanted.add(hash);
    }
    if (wanted.size === 0) return;
    const keys = [...wanted].map((hash) => Buffer.from(hash, 'hex'));
    const sql = 'SELECT hash, packing, bytes FROM {s}.contents WHERE hash = ANY($1::bytea[])';
    for (const row of await db.rows(sql, [keys])) {
      const hash = readBytes(row.hash)?.toString('hex') ?? '';
      this.#texts.set(hash, unpackContent(row as unknown as PackedContent));
    }
  }

  /** The text of a hash that was learnt. */
  readonly textOf: TextOf = (hash) => {
    const text = this.#texts.get(hash);
    if (text === undefined) throw missingContent(hash);
    this.#served += text.length;
    return text;
  };

  /** The length of all texts given out, each as often as it was. */
  get served(): number {
    return this.#served;
  }
}
