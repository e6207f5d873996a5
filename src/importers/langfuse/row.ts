import { fromMilliseconds } from '../../domain/time.ts';
import type { Transcript } from '../../repository/importer.ts';
import { type Fields, textIn, timeIn } from '../reading/fields.ts';

/** A trace or an observation as an export has it. */
export interface Row {
  fields: Fields;
  file: Transcript;
  /** `line 12`, `file`. */
  place: string;
  id: string;
  traceId: string;
}

/** A member by its name in the API, `startTime`, or in exports to a bucket, `start_time`. */
export function memberOf(fields: Fields, name: string): unknown {
  return fields[name] ?? fields[snakeOf(name)];
}

/** A member that is a string and not empty. */
export function textOf(fields: Fields, name: string): string | undefined {
  return textIn(fields, name) ?? textIn(fields, snakeOf(name));
}

/** A member that is a time. Exports to a bucket leave out the zone, which is UTC. */
export function timeOf(fields: Fields, name: string): string | undefined {
  const own = timeIn(fields, name) ?? timeIn(fields, snakeOf(name));
  const text = textOf(fields, name);
  if (own !== undefined || text === undefined || !WITHOUT_ZONE.test(text)) return own;
  const time = fromMilliseconds(Date.parse(`${text.replace(' ', 'T').slice(0, 23)}Z`));
  return time.ok ? time.value : undefined;
}

const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?$/;

function snakeOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
