import type { RunPlace } from '../domain/cursor.ts';
import {
  decodePosition,
  encodePosition,
  type LedgerPosition,
  unknownPosition,
} from './position.ts';

/** How far a store was read as a source. */
export interface SourceMark {
  /** What the ledger says after this place is still to come. */
  at: LedgerPosition;
  /** The runs after this one are still to come; null: all of them, `end`: none. */
  place: RunPlace | 'end' | null;
}

/** A mark as one word that can be kept and given back. */
export function writeSourceMark({ at, place }: SourceMark): string {
  return JSON.stringify({ at: encodePosition(at), place });
}

/** Reads a mark that `writeSourceMark` made. Throws POSITION_UNKNOWN for anything else. */
export function readSourceMark(mark: string): SourceMark {
  let parsed: { at: string; place: SourceMark['place'] };
  try {
    parsed = JSON.parse(mark);
  } catch {
    // Another kind of source wrote it.
    throw unknownPosition();
  }
  return { at: decodePosition(parsed.at), place: parsed.place };
}
