import { hash } from 'node:crypto';
import { isPlainObject, type JsonObject, type JsonValue } from '../../domain/json.ts';
import type { FileItem } from '../../repository/file-items.ts';
import type { ImportedFile, SourcePiece } from '../../repository/imported-file.ts';

/** A portion of a file that runs were imported from, as JSON: bytes in base64. */
export function fileOut({ change, isWhole }: FileItem): JsonObject {
  const { file, pieces } = change;
  const body = {
    file: { ...file, links: base64(file.links), runs: base64(file.runs) },
    isWhole,
    ...(pieces && {
      from: pieces.from,
      pieces: pieces.pieces.map(({ packed, ...piece }) => ({ ...piece, packed: base64(packed) })),
    }),
  };
  return { ...body, digest: hash('sha256', JSON.stringify(body)) };
}

/** Reads what `fileOut` gave; null for what it did not give, or what is not as it was. */
export function fileIn({ digest, ...body }: JsonObject): FileItem | null {
  const { file, isWhole, from, pieces } = body;
  if (hash('sha256', JSON.stringify(body)) !== digest) return null;
  if (!isPlainObject(file) || !isPlainObject(file.state)) return null;
  const { agent, path, generation, state, links, runs } = file;
  if (typeof agent !== 'string' || typeof path !== 'string') return null;
  const whole: ImportedFile = {
    ...{ agent, path, generation: Number(generation), state: state as JsonObject },
    ...{ links: bytesOf(links), runs: bytesOf(runs) },
  };
  const given = Array.isArray(pieces) && typeof from === 'number';
  const change = given
    ? { file: whole, pieces: { from, pieces: pieces.map(pieceIn) } }
    : { file: whole };
  return { kind: 'file', change, isWhole: isWhole === true };
}

function pieceIn(value: JsonValue): SourcePiece {
  const { size, hash, packed } = isPlainObject(value) ? value : {};
  return { size: Number(size), hash: String(hash), packed: bytesOf(packed) };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

function bytesOf(text: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(typeof text === 'string' ? text : '', 'base64'));
}
