import type { SourceItem } from '../../repository/run-source.ts';
import type { ReadContext, Transcript } from '../importer.ts';
import { byPath } from '../reading/find-transcripts.ts';
import { readJsonRecords } from '../reading/json-records.ts';
import { runItem, setAside } from '../reading/source-items.ts';
import { isGrowing } from '../reading/unfinished.ts';
import { unreadFile } from '../reading/unread-file.ts';
import { finishRun, idOf } from './finish-run.ts';
import { readSpans } from './read-spans.ts';
import type { Span } from './span.ts';
import { SpanStore } from './span-store.ts';
import { runsOf, type TraceRun } from './trace-runs.ts';

/** Times stand in some exports as numbers beyond 2^53. */
const READING = { keepsDigits: true };

/**
 * The runs of traces, and what could not be taken, by file and place. A trace may stand in several files,
 * and in any order: the spans of files that are given together are held in memory together.
 */
export async function* readTelemetry(
  files: readonly Transcript[],
  context: ReadContext,
): AsyncGenerator<SourceItem, void, void> {
  const spans = new SpanStore();
  for (const file of byPath(files)) {
    const found: Span[] = [];
    try {
      yield* readFile(file, found);
    } catch (error) {
      yield unreadFile(file, error);
      continue;
    }
    for (const span of found) spans.add(span);
    for (const trace of new Set(found.map(({ traceId }) => traceId))) {
      context.link(file, `trace ${trace}`);
    }
  }
  for (const trace of spans.traces()) yield* readTrace(trace, context.now);
}

async function* readFile(file: Transcript, found: Span[]): AsyncGenerator<SourceItem, void, void> {
  for await (const record of readJsonRecords(file, READING)) {
    const { place } = record;
    if (record.kind === 'unread') yield setAside(file, place, record.reason, record.bytes);
    else {
      const { spans, unread } = readSpans(record.value, { file, place });
      for (const span of spans) found.push(span);
      for (const reason of unread) yield setAside(file, place, reason);
    }
  }
}

function* readTrace(spans: readonly Span[], now: number): Generator<SourceItem, void, void> {
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
