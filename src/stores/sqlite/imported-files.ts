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
import type { Connection } from './connection.ts';

const UPDATED = SOURCE_COLUMNS.slice(1).map((column) => `${column} = excluded.${column}`);
const KEEP = `INSERT INTO sources (${SOURCE_COLUMNS.join(', ')}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET ${UPDATED.join(', ')}`;
const KEEP_PIECE = `INSERT INTO source_pieces (${PIECE_COLUMNS.join(', ')}) VALUES (?, ?, ?, ?, ?)`;
const FORGET_PIECES = 'DELETE FROM source_pieces WHERE source_key = ? AND ordinal >= ?';
const READ = `SELECT ${SOURCE_COLUMNS.join(', ')} FROM sources
  WHERE (?1 IS NULL OR agent = ?1) AND key > ?2 AND kept_at >= ?3 ORDER BY key LIMIT ?4`;
const NEWEST = 'SELECT max(kept_at) AS newest FROM sources';
const READ_PIECE =
  'SELECT size, hash, packed FROM source_pieces WHERE source_key = ? AND ordinal = ?';

/** Keeps what is known of files, and pieces of them in place of those from an ordinal on. */
export function keepImportedFiles(
  db: Connection,
  changes: readonly ImportedFileChange[],
  now: number,
): void {
  const keptAt = Math.max(now, Number(db.get(NEWEST, [])?.newest ?? 0));
  for (const { file, pieces } of changes) {
    db.run(KEEP, sourceValues(file, keptAt));
    if (pieces === undefined) continue;
    const key = keyOfFile(file);
    db.run(FORGET_PIECES, [key, pieces.from]);
    for (const [at, piece] of pieces.pieces.entries()) {
      db.run(KEEP_PIECE, pieceValues(key, pieces.from + at, piece));
    }
  }
}

/** A page of files, by key. */
export function readImportedFiles(
  db: Connection,
  { agent, after, limit, keptSince }: ImportedFilesRequest,
): KeptFile[] {
  const start = after ? keyOfFile(after) : Buffer.alloc(0);
  const since = keptSince === undefined ? 0 : Date.parse(keptSince);
  return db.all(READ, [textColumn(agent), start, since, limit]).map(sourceOfRow);
}

/** A piece of a file; null where it is not kept. */
export function readSourcePiece(
  db: Connection,
  file: ImportedFileKey,
  ordinal: number,
): SourcePiece | null {
  const row = db.get(READ_PIECE, [keyOfFile(file), ordinal]);
  return row === undefined ? null : pieceOfRow(row);
}
