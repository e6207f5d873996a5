import type { ImportedItem, ReadContext, Transcript } from '../../repository/importer.ts';
import { byPath } from '../reading/find-transcripts.ts';
import { readJsonRecords } from '../reading/json-records.ts';
import { setAside, setAsideValue } from '../reading/source-items.ts';
import { unreadFile } from '../reading/unread-file.ts';
import { type FoundRows, readRows } from './read-rows.ts';
import { type Row, timeOf } from './row.ts';
import { traceRun } from './trace-run.ts';

/**
 * The runs of exported traces, and what could not be taken, by file and place. A trace may stand in
 * several files, its observations apart from it: those that are given together are held in memory together.
 */
export async function* readExports(
  files: readonly Transcript[],
  context: ReadContext,
): AsyncGenerator<ImportedItem, void, void> {
  const traces = new Map<string, Row>();
  const observations = new Map<string, Map<string, Row>>();
  for (const file of byPath(files)) {
    const found: FoundRows = { traces: [], observations: [], unread: [] };
    try {
      yield* readFile(file, found);
    } catch (error) {
      yield unreadFile(file, error);
      continue;
    }
    for (const row of found.traces) keepNewest(traces, row);
    for (const row of found.observations) {
      const known = observations.get(row.traceId) ?? new Map<string, Row>();
      observations.set(row.traceId, known);
      keepNewest(known, row);
    }
    const rows = [...found.traces, ...found.observations];
    for (const id of new Set(rows.map(({ traceId }) => traceId))) context.link(file, `trace ${id}`);
  }
  for (const id of new Set([...traces.keys(), ...observations.keys()])) {
    const rows = [...(observations.get(id)?.values() ?? [])].sort(byStart);
    const item = traceRun({ row: traces.get(id), observations: rows }, context.now);
    if (item !== undefined) yield item;
  }
}

async function* readFile(
  file: Transcript,
  found: FoundRows,
): AsyncGenerator<ImportedItem, void, void> {
  for await (const record of readJsonRecords(file)) {
    const { place } = record;
    if (record.kind === 'unread') yield setAside(file, place, record.reason, record.bytes);
    else {
      readRows(record.value, { file, place }, found);
      for (const { reason, value } of found.unread.splice(0)) {
        if (value === undefined) yield setAside(file, place, reason);
        else yield setAsideValue(file, place, reason, value);
      }
    }
  }
}

/** Of what was exported several times the newest counts, of equals the one that says most. */
function keepNewest(known: Map<string, Row>, row: Row): void {
  const before = known.get(row.id);
  const isNewer = before === undefined || versionOf(row) > versionOf(before);
  const isFuller =
    before !== undefined && versionOf(row) === versionOf(before) && weight(row) > weight(before);
  if (isNewer || isFuller) known.set(row.id, row);
}

function versionOf({ fields }: Row): string {
  return timeOf(fields, 'updatedAt') ?? timeOf(fields, 'endTime') ?? '';
}

/** How many members say something: a trace lists its observations without what went in and came out. */
function weight({ fields }: Row): number {
  return Object.values(fields).filter((value) => value !== null && value !== '').length;
}

function byStart(a: Row, b: Row): number {
  const [first, second] = [a, b].map((row) => `${timeOf(row.fields, 'startTime')} ${row.id}`);
  return (first ?? '') < (second ?? '') ? -1 : 1;
}
