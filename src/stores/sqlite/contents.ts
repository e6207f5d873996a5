import {
  contentHash,
  missingContent,
  type PackedContent,
  packContent,
  unpackContent,
} from '../sql/content.ts';
import type { Connection } from './connection.ts';

/**
 * The table of large texts, for the time of one call: what was kept or read once in it is not looked
 * for again, because the steps of a run repeat one conversation.
 */
export class Contents {
  readonly #db: Connection;
  readonly #kept = new Set<string>();
  readonly #texts = new Map<string, string>();

  #served = 0;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** Keeps a text and gives its hash. */
  readonly keep = (text: string): string => {
    const hash = contentHash(text);
    if (this.#kept.has(hash)) return hash;
    this.#kept.add(hash);
    const key = Buffer.from(hash, 'hex');
    if (this.#db.get('SELECT 1 FROM contents WHERE hash = ?', [key]) !== undefined) return hash;
    const { packing, size, bytes } = packContent(text);
    const sql = 'INSERT INTO contents (hash, packing, size, bytes) VALUES (?, ?, ?, ?)';
    this.#db.run(sql, [key, packing, size, bytes]);
    return hash;
  };

  /** The text of a hash. */
  readonly textOf = (hash: string): string => {
    const known = this.#texts.get(hash);
    if (known !== undefined) return this.#serve(known);
    const sql = 'SELECT packing, bytes FROM contents WHERE hash = ?';
    const row = this.#db.get(sql, [Buffer.from(hash, 'hex')]);
    if (row === undefined) throw missingContent(hash);
    const text = unpackContent(row as unknown as PackedContent);
    this.#texts.set(hash, text);
    return this.#serve(text);
  };

  /** The length of all texts given out, each as often as it was. */
  get served(): number {
    return this.#served;
  }

  #serve(text: string): string {
    this.#served += text.length;
    return text;
  }
}
