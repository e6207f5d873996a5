import { isPlainObject } from '../../domain/json.ts';
import { type Fields, listIn, objectIn, textIn } from '../reading/fields.ts';
import { otlpAttributes } from './any-value.ts';
import { type ClaudeEvent, claudeEventName } from './claude-event.ts';
import { jaegerSpan } from './jaeger-span.ts';
import { nanosecondsOf, newSpan, type Place, statusOf } from './new-span.ts';
import type { Attributes, Span } from './span.ts';

/** What a value holds, and a sentence for each thing in it of which nothing was taken. */
export interface TelemetryReading {
  spans: Span[];
  events: ClaudeEvent[];
  unread: string[];
}

/** Adds what a value holds: OTLP, Tempo's `batches`, Jaeger's traces, or a list of these. */
export function readDocuments(value: unknown, place: Place, reading: TelemetryReading): void {
  for (const document of Array.isArray(value) ? value : [value]) {
    const unread = isPlainObject(document) ? takeDocument(document, place, reading) : NOT_KNOWN;
    if (unread !== null) reading.unread.push(unread);
  }
}

const NOT_KNOWN = 'This is no trace that OpenTelemetry, Tempo or Jaeger writes.';

function takeDocument(document: Fields, place: Place, reading: TelemetryReading): string | null {
  const { trace, data, resourceMetrics, resourceLogs } = document;
  const fields = isPlainObject(trace) ? trace : document;
  const groups = [
    ...listOf(fields, 'resourceSpans', reading),
    ...listOf(fields, 'batches', reading),
  ];
  for (const group of groups) takeResource(group, place, reading);
  if (fields.resourceSpans !== undefined || fields.batches !== undefined) return null;
  const traces = Array.isArray(data) ? data : [fields];
  if (traces.some((each) => isPlainObject(each) && each.spans !== undefined)) {
    for (const each of traces) takeJaeger(each, place, reading);
    return null;
  }
  if (resourceMetrics !== undefined) return 'Metrics repeat what spans say; none is taken.';
  return Array.isArray(resourceLogs) ? takeLogs(resourceLogs, place, reading) : NOT_KNOWN;
}

/** What stands in a list; that something else stands there is told of. */
function listOf(fields: Fields, name: string, reading: TelemetryReading): readonly unknown[] {
  const value = fields[name];
  if (value !== undefined && !Array.isArray(value)) {
    reading.unread.push(`Where ${name} are listed stands something else.`);
  }
  return listIn(fields, name);
}

function takeResource(group: unknown, place: Place, reading: TelemetryReading): void {
  if (!isPlainObject(group)) return void reading.unread.push(NO_OBJECT);
  const resource = otlpAttributes(objectIn(group, 'resource').attributes);
  const scopes = [
    ...listOf(group, 'scopeSpans', reading),
    ...listOf(group, 'instrumentationLibrarySpans', reading),
  ];
  for (const scope of scopes) {
    if (!isPlainObject(scope)) reading.unread.push(NO_OBJECT);
    else {
      const spans = listOf(scope, 'spans', reading);
      for (const span of spans) take(otlpSpan(span, resource, place), reading);
    }
  }
}

/** Of logs the events of Claude Code are taken. */
function takeLogs(groups: readonly unknown[], at: Place, reading: TelemetryReading): string | null {
  let others = 0;
  for (const group of groups.filter(isPlainObject)) {
    const resource = otlpAttributes(objectIn(group, 'resource').attributes);
    const scopes = listIn(group, 'scopeLogs').filter(isPlainObject);
    const records = scopes.flatMap((scope) => listIn(scope, 'logRecords'));
    for (const record of records) {
      const event = isPlainObject(record) ? claudeEvent(record, resource, at) : undefined;
      if (event === undefined) others += 1;
      else reading.events.push(event);
    }
  }
  return others === 0 ? null : `${others} records of logs are no events of an agent.`;
}

function claudeEvent(record: Fields, resource: Attributes, at: Place): ClaudeEvent | undefined {
  const attributes = otlpAttributes(record.attributes);
  const name = claudeEventName(
    objectIn(record, 'body').stringValue ?? record.eventName,
    attributes,
  );
  if (name === undefined) return undefined;
  const time = nanosecondsOf(record.timeUnixNano) ?? nanosecondsOf(record.observedTimeUnixNano);
  return { name, time, attributes, resource, ...at };
}

const NO_OBJECT = 'Where a span belongs stands something else.';

function take(span: Span | string, reading: TelemetryReading): void {
  if (typeof span === 'string') reading.unread.push(span);
  else reading.spans.push(span);
}

function otlpSpan(span: unknown, resource: Attributes, place: Place): Span | string {
  if (!isPlainObject(span)) return NO_OBJECT;
  const status = objectIn(span, 'status');
  const events = listIn(span, 'events').filter(isPlainObject);
  return newSpan({
    ...{ traceId: span.traceId, spanId: span.spanId, parentId: span.parentSpanId },
    name: textIn(span, 'name') ?? '',
    start: nanosecondsOf(span.startTimeUnixNano),
    end: nanosecondsOf(span.endTimeUnixNano),
    status: statusOf(status.code),
    statusMessage: textIn(status, 'message'),
    attributes: otlpAttributes(span.attributes),
    events: events.map((event) => ({
      name: textIn(event, 'name') ?? '',
      attributes: otlpAttributes(event.attributes),
    })),
    ...{ resource, place },
  });
}

function takeJaeger(trace: unknown, place: Place, reading: TelemetryReading): void {
  if (!isPlainObject(trace)) return void reading.unread.push(NO_OBJECT);
  const processes = objectIn(trace, 'processes');
  for (const span of listOf(trace, 'spans', reading)) {
    take(isPlainObject(span) ? jaegerSpan(span, processes, place) : NO_OBJECT, reading);
  }
}
