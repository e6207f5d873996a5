import type { JsonObject } from '../../domain/json.ts';
import {
  type ImportedFile,
  type KeptFile,
  keyOfFile,
  type SourcePiece,
} from '../../repository/imported-file.ts';
import { readBytes, readDigest, readText, textColumn } from './column-values.ts';
import type { SqlRow, SqlValue } from './columns.ts';

/** The columns of `sources`; the first is its key. */
export const SOURCE_COLUMNS = [
  'key',
  'agent',
  'path',
  'generation',
  'state',
  'links',
  'runs',
  'kept_at',
] as const;
/** The columns of `source_pieces`; the first two are its key. */
export const PIECE_COLUMNS = ['source_key', 'ordinal', 'size', 'hash', 'packed'] as const;

/** A file as a row of `sources`. */
export function sourceValues(file: ImportedFile, keptAt: number): SqlValue[] {
  const { agent, path, generation, state, links, runs } = file;
  const json = textColumn(JSON.stringify(state));
  return [
    keyOfFile(file),
    textColumn(agent),
    textColumn(path),
    generation,
    json,
    links,
    runs,
    keptAt,
  ];
}

/** The file of such a row. */
export function sourceOfRow(row: SqlRow): KeptFile {
  return {
    agent: readText(row.agent) ?? '',
    path: readText(row.path) ?? '',
    generation: Number(row.generation),
    state: JSON.parse(readText(row.state) ?? '{}') as JsonObject,
    links: readBytes(row.links) ?? Buffer.alloc(0),
    runs: readBytes(row.runs) ?? Buffer.alloc(0),
    keptAt: new Date(Number(row.kept_at)).toISOString(),
  };
}

/** A piece of the file with this key as a row of `source_pieces`. */
export function pieceValues(
  key: Uint8Array,
  ordinal: number,
  { size, hash, packed }: SourcePiece,
): SqlValue[] {
  return [key, ordinal, size, Buffer.from(hash, 'hex'), packed];
}

/** The piece of such a row. */
export function pieceOfRow(row: SqlRow): SourcePiece {
  return {
    size: Number(row.size),
    hash: readDigest(row.hash) ?? '',
    packed: readBytes(row.packed) ?? Buffer.alloc(0),
  };
}
