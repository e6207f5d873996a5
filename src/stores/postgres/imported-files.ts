import {
  type ImportedFileChange,
  type ImportedFileKey,
  type ImportedFilesRequest,
  type KeptFile,
  keyOfFile,
  type SourcePiece,
} from '../../repository/imported-file.ts';
import { textColumn } from '../sql/column-values.ts';
import {
  PIECE_COLUMNS,
  pieceOfRow,
  pieceValues,
  SOURCE_COLUMNS,
  sourceOfRow,
  sourceValues,
} from '../sql/source-rows.ts';
import type { Connection } from './connection/connection.ts';

const UPDATED = SOURCE_COLUMNS.slice(1).map((column) => `${column} = excluded.${column}`);
const KEEP = `INSERT INTO {s}.sources (${SOURCE_COLUMNS.join(', ')})
  VALUES ($1::bytea, $2::text, $3::text, $4::integer, $5::text, $6::bytea, $7::bytea, $8::bigint)
  ON CONFLICT (key) DO UPDATE SET ${UPDATED.join(', ')}`;
const KEEP_PIECE = `INSERT INTO {s}.source_pieces (${PIECE_COLUMNS.join(', ')})
  VALUES ($1::bytea, $2::integer, $3::bigint, $4::bytea, $5::bytea)`;
const FORGET_PIECES =
  'DELETE FROM {s}.source_pieces WHERE source_key = $1::bytea AND ordinal >= $2::integer';
const READ = `SELECT ${SOURCE_COLUMNS.join(', ')} FROM {s}.sources
  WHERE ($1::text IS NULL OR agent = $1) AND key > $2::bytea AND kept_at >= $3::bigint
  ORDER BY key LIMIT $4::integer`;
const NEWEST = 'SELECT max(kept_at) AS newest FROM {s}.sources';
const READ_PIECE = `SELECT size, hash, packed FROM {s}.source_pieces
  WHERE source_key = $1::bytea AND ordinal = $2::integer`;

/** Keeps what is known of files, and pieces of them in place of those from an ordinal on. */
export async function keepImportedFiles(
  db: Connection,
  changes: readonly ImportedFileChange[],
  now: number,
): Promise<void> {
  const [newest] = await db.rows(NEWEST);
  const keptAt = Math.max(now, Number(newest?.newest ?? 0));
  // Two that keep the same files at once wait for each other in one order.
  const inOrder = changes
    .map((change) => ({ key: keyOfFile(change.file), ...change }))
    .sort((a, b) => Buffer.compare(a.key, b.key));
  for (const { key, file, pieces } of inOrder) {
    await db.prepared(KEEP, sourceValues(file, keptAt));
    if (pieces === undefined) continue;
    await db.prepared(FORGET_PIECES, [key, pieces.from]);
    for (const [at, piece] of pieces.pieces.entries()) {
      await db.prepared(KEEP_PIECE, pieceValues(key, pieces.from + at, piece));
    }
  }
}

/** A page of files, by key. */
export async function readImportedFiles(
  db: Connection,
  { agent, after, limit, keptSince }: ImportedFilesRequest,
): Promise<KeptFile[]> {
  const start = after ? keyOfFile(after) : Buffer.alloc(0);
  const since = keptSince === undefined ? 0 : Date.parse(keptSince);
  return (await db.rows(READ, [textColumn(agent), start, since, limit])).map(sourceOfRow);
}

/** A piece of a file; null where it is not kept. */
export async function readSourcePiece(
  db: Connection,
  file: ImportedFileKey,
  ordinal: number,
): Promise<SourcePiece | null> {
  const [row] = await db.rows(READ_PIECE, [keyOfFile(file), ordinal]);
  return row === undefined ? null : pieceOfRow(row);
}
