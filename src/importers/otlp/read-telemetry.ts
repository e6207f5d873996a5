import type { ImportedItem, ReadContext, Transcript } from '../../repository/importer.ts';
import { byPath } from '../reading/find-transcripts.ts';
import { readJsonRecords } from '../reading/json-records.ts';
import { runItem, setAside } from '../reading/source-items.ts';
import { isGrowing } from '../reading/unfinished.ts';
import { unreadFile } from '../reading/unread-file.ts';
import { ClaudeEvents, type ClaudeRun, finishClaudeRun, sessionOf } from './claude-runs.ts';
import { finishRun, idOf } from './finish-run.ts';
import { readDocuments, type TelemetryReading } from './read-documents.ts';
import type { Span } from './span.ts';
import { SpanStore } from './span-store.ts';
import { runsOf, type TraceRun } from './trace-runs.ts';

/** Times stand in some exports as numbers beyond 2^53. */
const READING = { keepsDigits: true };

/**
 * The runs of traces and of events, and what could not be taken, by file and place. A trace may stand in several files,
 * and in any order: the spans of files that are given together are held in memory together.
 */
export async function* readTelemetry(
  files: readonly Transcript[],
  context: ReadContext,
): AsyncGenerator<ImportedItem, void, void> {
  const spans = new SpanStore();
  const events = new ClaudeEvents();
  for (const file of byPath(files)) {
    const found: TelemetryReading = { spans: [], events: [], unread: [] };
    try {
      yield* readFile(file, found);
    } catch (error) {
      yield unreadFile(file, error);
      continue;
    }
    for (const span of found.spans) spans.add(span);
    for (const event of found.events) events.add(event);
    const traces = found.spans.map(({ traceId }) => `trace ${traceId}`);
    const sessions = found.events.map((event) => `session ${sessionOf(event)}`);
    for (const name of new Set([...traces, ...sessions])) context.link(file, name);
  }
  for (const trace of spans.traces()) yield* readTrace(trace, context.now);
  for (const run of events.runs()) yield* readEvents(run, context.now);
}

async function* readFile(
  file: Transcript,
  found: TelemetryReading,
): AsyncGenerator<ImportedItem, void, void> {
  for await (const record of readJsonRecords(file, READING)) {
    const { place } = record;
    if (record.kind === 'unread') yield setAside(file, place, record.reason, record.bytes);
    else {
      readDocuments(record.value, { file, place }, found);
      for (const reason of found.unread.splice(0)) yield setAside(file, place, reason);
    }
  }
}

function* readEvents(run: ClaudeRun, now: number): Generator<ImportedItem, void, void> {
  const [first] = run.events;
  if (first === undefined) return;
  const mayGrow = run.isLastOfSession && run.events.some(({ file }) => isGrowing(file, now));
  yield runItem(first.file, first.place, finishClaudeRun(run, first, mayGrow));
}

function* readTrace(spans: readonly Span[], now: number): Generator<ImportedItem, void, void> {
  const { runs, idle } = runsOf(spans);
  const byId = new Map(runs.map((run) => [run.spanId, run]));
  for (const run of runs) {
    const [first] = run.head === undefined ? run.work.map(({ span }) => span) : [run.head];
    if (first === undefined) continue;
    const files = [first.file, ...run.work.map(({ span }) => span.file)];
    const mayGrow = files.some((file) => isGrowing(file, now));
    if (run.head === undefined && mayGrow) {
      yield setAside(first.file, first.place, notThereYet(run));
      continue;
    }
    const caller = byId.get(run.callerSpanId ?? '');
    const callerRunId = caller === undefined ? undefined : idOf(caller);
    yield runItem(first.file, first.place, finishRun(run, { mayGrow, callerRunId }));
  }
  for (const { file, place, name } of idle) {
    yield setAside(file, place, `Of what ${name || 'the agent'} did, nothing is there.`);
  }
}

function notThereYet({ spanId, traceId }: TraceRun): string {
  return `Span ${spanId} of trace ${traceId}, which this hangs on, is not there. If it is still being written, the next import takes it.`;
}
