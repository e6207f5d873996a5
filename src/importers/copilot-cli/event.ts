import type { Transcript } from '../../repository/importer.ts';
import { type Fields, objectIn, textIn, timeIn } from '../reading/fields.ts';

/** A line of a session file. */
export interface Event {
  type: string;
  data: Fields;
  /** What tells it apart in all files: its id, a short one with its session. */
  id: string | undefined;
  /** When it happened; undefined where the line has no valid time. */
  time: string | undefined;
  /** Where it stands: `line 12`. */
  place: string;
  file: Transcript;
}

/** Reads a line; null for one that is no event. */
export function readEvent(
  fields: Fields,
  { file, session, place }: { file: Transcript; session: string; place: string },
): Event | null {
  const type = textIn(fields, 'type');
  if (type === undefined) return null;
  const id = textIn(fields, 'id');
  return {
    ...{ type, data: objectIn(fields, 'data'), time: timeIn(fields, 'timestamp'), place, file },
    id: id === undefined || UUID.test(id) ? id : `${session}:${id}`,
  };
}

/** Whether an id tells an event apart by itself. */
export function isUnique(id: string): boolean {
  return UUID.test(id);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
