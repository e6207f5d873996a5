import {
  type ImportedFile,
  type ImportedFileChange,
  type ImportedFileKey,
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
const KEEP = `INSERT INTO sources (${SOURCE_COLUMNS.join(', ')}) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET ${UPDATED.join(', ')}`;
const KEEP_PIECE = `INSERT INTO source_pieces (${PIECE_COLUMNS.join(', ')}) VALUES (?, ?, ?, ?, ?)`;
const FORGET_PIECES = 'DELETE FROM source_pieces WHERE source_key = ? AND ordinal >= ?';
const READ = `SELECT ${SOURCE_COLUMNS.join(', ')} FROM sources
  WHERE (?1 IS NULL OR agent = ?1) AND key > ?2 ORDER BY key LIMIT ?3`;
const READ_PIECE =
  'SELECT size, hash, packed FROM source_pieces WHERE source_key = ? AND ordinal = ?';

/** Keeps what is known of files, and pieces of them in place of those from an ordinal on. */
export function keepImportedFiles(db: Connection, changes: readonly ImportedFileChange[]): void {
  for (const { file, pieces } of changes) {
    db.run(KEEP, sourceValues(file));
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
  agent: string | null,
  after: ImportedFileKey | null,
  limit: number,
): ImportedFile[] {
  const start = after === null ? Buffer.alloc(0) : keyOfFile(after);
  return db.all(READ, [textColumn(agent), start, limit]).map(sourceOfRow);
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
