import type { SqlValue } from '../../sql/columns.ts';
import { type ColumnType, typeOf } from '../connection/value-types.ts';

/** https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format": signature, flags, extension. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
/** Times count in microseconds from 2000. */
const FIRST_MOMENT_MS = Date.UTC(2000, 0, 1);
const UTF8_BYTES_PER_UNIT = 3;

/** So much is sent at once: the server takes it in while the next piece is made. */
const PIECE_BYTES = 131_072;

/** Rows in the binary form of COPY, whose texts need no escapes, piece by piece. */
export function* encodeRows(
  columns: readonly string[],
  rows: readonly (readonly SqlValue[])[],
): Generator<Uint8Array, void, undefined> {
  const types = columns.map(typeOf);
  let writer = new Writer();
  writer.bytes(HEADER);
  for (const row of rows) {
    writer.int16(columns.length);
    for (const [at, type] of types.entries()) writer.field(row[at] ?? null, type);
    if (writer.length < PIECE_BYTES) continue;
    yield writer.written();
    writer = new Writer();
  }
  writer.int16(-1);
  yield writer.written();
}

class Writer {
  #buffer = Buffer.allocUnsafe(2 * PIECE_BYTES);
  #at = 0;

  get length(): number {
    return this.#at;
  }

  written(): Uint8Array {
    return this.#buffer.subarray(0, this.#at);
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  int16(value: number): void {
    this.#reserve(2);
    this.#at = this.#buffer.writeInt16BE(value, this.#at);
  }

  /** A value with its length before it; the length of NULL is -1. */
  field(value: SqlValue, type: ColumnType): void {
    this.#reserve(4);
    if (value === null) {
      this.#at = this.#buffer.writeInt32BE(-1, this.#at);
      return;
    }
    const start = this.#at;
    this.#at += 4;
    this.#value(value, type);
    this.#buffer.writeInt32BE(this.#at - start - 4, start);
  }

  #value(value: Exclude<SqlValue, null>, type: ColumnType): void {
    if (value instanceof Uint8Array) this.bytes(value);
    else if (type === 'uuid') this.#hex(String(value).replaceAll('-', ''));
    else if (type === 'bigint') this.#int64(BigInt(value));
    else if (type === 'timestamptz') this.#int64(BigInt(Number(value) - FIRST_MOMENT_MS) * 1000n);
    else if (type === 'boolean') this.bytes(Uint8Array.of(Number(value)));
    else if (type === 'double precision') this.#double(Number(value));
    else this.#text(String(value));
  }

  #int64(value: bigint): void {
    this.#reserve(8);
    this.#at = this.#buffer.writeBigInt64BE(value, this.#at);
  }

  #double(value: number): void {
    this.#reserve(8);
    this.#at = this.#buffer.writeDoubleBE(value, this.#at);
  }

  #hex(digits: string): void {
    this.#reserve(digits.length / 2);
    this.#at += this.#buffer.write(digits, this.#at, 'hex');
  }

  #text(text: string): void {
    this.#reserve(text.length * UTF8_BYTES_PER_UNIT);
    this.#at += this.#buffer.write(text, this.#at, 'utf8');
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#buffer.length, this.#at + bytes));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}
