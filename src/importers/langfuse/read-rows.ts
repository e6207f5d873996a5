import { isPlainObject } from '../../domain/json.ts';
import type { Transcript } from '../../repository/importer.ts';
import { type Fields, listIn, textIn } from '../reading/fields.ts';
import { memberOf, type Row, textOf, timeOf } from './row.ts';

/** What was found in a value of a file. */
export interface FoundRows {
  traces: Row[];
  observations: Row[];
  /** Values of which nothing was made; undefined for those that have nothing of Langfuse. */
  unread: { reason: string; value: unknown }[];
}

const NOTHING_OF_LANGFUSE = 'This is no trace, observation or list of them as Langfuse exports it.';

/**
 * Finds traces and observations in a value: a trace with its observations, as the page of a trace gives it
 * or the API; a session with its traces; a list of any of these, alone or as `data`; a row.
 */
export function readRows(
  value: unknown,
  at: { file: Transcript; place: string },
  found: FoundRows,
): void {
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0) found.unread.push({ reason: NOTHING_OF_LANGFUSE, value: undefined });
  for (const each of list) readRow(each, at, found);
}

function readRow(value: unknown, at: { file: Transcript; place: string }, found: FoundRows): void {
  if (!isPlainObject(value)) {
    found.unread.push({ reason: NOTHING_OF_LANGFUSE, value: undefined });
    return;
  }
  const traceId = textOf(value, 'traceId');
  const id = textIn(value, 'id');
  if (isPlainObject(value.trace)) {
    readRow(value.trace, at, found);
    readInner(value, 'observations', at, found);
  } else if (Array.isArray(value.data)) readInner(value, 'data', at, found);
  else if (Array.isArray(value.traces)) readInner(value, 'traces', at, found);
  else if (isScore(value)) return;
  else if (traceId !== undefined) readObservation(value, { ...at, traceId }, found);
  else if (id !== undefined && timeOf(value, 'timestamp') !== undefined) {
    const { observations: _, ...fields } = value;
    found.traces.push({ ...at, fields, id, traceId: id });
    readInner(value, 'observations', at, found);
  } else found.unread.push({ reason: NOTHING_OF_LANGFUSE, value: undefined });
}

/** Lists of traces name their observations by their ids; these are elsewhere. */
function readInner(
  fields: Fields,
  name: string,
  at: { file: Transcript; place: string },
  found: FoundRows,
): void {
  for (const each of listIn(fields, name)) if (typeof each !== 'string') readRow(each, at, found);
}

function readObservation(
  fields: Fields,
  at: { file: Transcript; place: string; traceId: string },
  found: FoundRows,
): void {
  const id = textIn(fields, 'id');
  if (id !== undefined && timeOf(fields, 'startTime') !== undefined) {
    found.observations.push({ ...at, fields, id });
  } else found.unread.push({ reason: 'An observation without an id or a start.', value: fields });
}

/** Judgements of traces, which are no part of what an agent did. */
function isScore(fields: Fields): boolean {
  const hasValue = 'value' in fields || memberOf(fields, 'stringValue') !== undefined;
  return hasValue && memberOf(fields, 'dataType') !== undefined;
}
