import type { JsonObject, JsonValue } from '../../domain/json.ts';

/** What is known of a piece of a file: its size in bytes and its SHA-256. */
export interface PieceNote {
  size: number;
  hash: string;
}

/** What an import knows of a file that it read. */
export interface FileState {
  /** Bytes on disk and time of the last change, in milliseconds since 1970, when it was read. */
  size: number;
  modifiedAt: number;
  /** What it held, unpacked. */
  pieces: PieceNote[];
  /** Whether the store has these bytes. */
  isKept: boolean;
  /** How many things in it could not be taken. */
  setAside: number;
  /** Whether a run in it seemed to go on. */
  isRunning: boolean;
}

/** The same as a store keeps it. */
export function jsonOfState({ pieces, ...state }: FileState): JsonObject {
  return { ...state, pieces: pieces.map(({ size, hash }) => [size, hash]) };
}

/** Reads what `jsonOfState` gave. What an older program did not write is as if nothing was known of it. */
export function stateOfJson(json: JsonObject): FileState {
  const { size, modifiedAt, pieces, isKept, setAside, isRunning } = json;
  return {
    size: Number(size ?? -1),
    modifiedAt: Number(modifiedAt ?? -1),
    pieces: Array.isArray(pieces) ? pieces.map(noteOf) : [],
    isKept: isKept === true,
    setAside: Number(setAside ?? 0),
    isRunning: isRunning === true,
  };
}

/** Bytes that the file held. */
export function plainSize({ pieces }: Pick<FileState, 'pieces'>): number {
  return pieces.reduce((sum, { size }) => sum + size, 0);
}

function noteOf(value: JsonValue): PieceNote {
  const [size, hash] = Array.isArray(value) ? value : [];
  return { size: Number(size ?? 0), hash: String(hash ?? '') };
}
