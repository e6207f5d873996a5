import { uuid } from './field-readers.ts';
import { normalizeTime } from './time.ts';

/** A place in the total order of runs: `startedAt`, then `id`. */
export interface RunPlace {
  /** ISO 8601. */
  startedAt: string;
  id: string;
}

/** In which direction runs are listed. */
export type RunOrder = 'newest' | 'oldest';

/** Compares two places, oldest first. */
export function comparePlaces(a: RunPlace, b: RunPlace): number {
  if (a.startedAt !== b.startedAt) return a.startedAt < b.startedAt ? -1 : 1;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

const VERSION = '1';

/** The cursor after a run: opaque text that survives inserts and can be kept. */
export function encodeCursor(order: RunOrder, { startedAt, id }: RunPlace): string {
  return Buffer.from(`${VERSION} ${order} ${startedAt} ${id}`).toString('base64url');
}

/** The place that a cursor stands for; null when it is none, or was made for the other order. */
export function decodeCursor(order: RunOrder, cursor: string): RunPlace | null {
  const [, , time, name] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const startedAt = normalizeTime(time);
  const id = uuid(name);
  if (!startedAt.ok || !id.ok) return null;
  const place = { startedAt: startedAt.value, id: id.value };
  // Whatever else may be wrong with it: only the one text that this place has is a cursor.
  return encodeCursor(order, place) === cursor ? place : null;
}
