import { isPlainObject } from '../../domain/json.ts';
import type { Transcript } from '../importer.ts';
import { type Fields, listIn, objectIn, optional, textIn } from '../reading/fields.ts';
import { WHOLE_FILE } from '../reading/json-records.ts';
import { jaegerTags, otlpAttributes } from './any-value.ts';
import { type Attributes, type Span, type SpanEvent, textOf } from './span.ts';

/** Where what is read stands. */
export interface Place {
  file: Transcript;
  /** `line 3`, or the whole file. */
  place: string;
}

/** What a value holds, or why nothing of it was taken. */
export type SpanReading = { spans: Span[]; unread: string[] };

/**
 * The spans of a value: OTLP, Tempo's `batches`, Jaeger's traces, or a list of these. What it is not is
 * told in one sentence for each thing.
 */
export function readSpans(value: unknown, place: Place): SpanReading {
  const reading: SpanReading = { spans: [], unread: [] };
  const documents = Array.isArray(value) ? value : [value];
  for (const document of documents) {
    const unread = isPlainObject(document) ? takeDocument(document, place, reading) : NOT_KNOWN;
    if (unread !== null) reading.unread.push(unread);
  }
  return reading;
}

const NOT_KNOWN = 'This is no trace that OpenTelemetry, Tempo or Jaeger writes.';

function takeDocument(document: Fields, place: Place, reading: SpanReading): string | null {
  const { trace, data, resourceSpans, batches } = document;
  if (isPlainObject(trace)) return takeDocument(trace, place, reading);
  if (Array.isArray(resourceSpans ?? batches)) {
    const groups = [...listIn(document, 'resourceSpans'), ...listIn(document, 'batches')];
    for (const group of groups) takeResource(group, place, reading);
    return null;
  }
  const traces = Array.isArray(data) ? data : [document];
  const isJaeger = traces.some((each) => isPlainObject(each) && Array.isArray(each.spans));
  if (isJaeger) {
    for (const each of traces) takeJaeger(each, place, reading);
    return null;
  }
  if (document.resourceMetrics !== undefined)
    return 'Metrics repeat what spans say; none is taken.';
  if (document.resourceLogs !== undefined) return 'Logs hold no spans; none is taken.';
  return NOT_KNOWN;
}

function takeResource(group: unknown, place: Place, reading: SpanReading): void {
  if (!isPlainObject(group)) return void reading.unread.push(NO_OBJECT);
  const resource = otlpAttributes(objectIn(group, 'resource').attributes);
  const scopes = [...listIn(group, 'scopeSpans'), ...listIn(group, 'instrumentationLibrarySpans')];
  for (const scope of scopes) {
    if (!isPlainObject(scope)) reading.unread.push(NO_OBJECT);
    else for (const span of listIn(scope, 'spans')) take(otlpSpan(span, resource, place), reading);
  }
}

const NO_OBJECT = 'Where a span belongs stands something else.';

function take(span: Span | string, reading: SpanReading): void {
  if (typeof span === 'string') reading.unread.push(span);
  else reading.spans.push(span);
}

function otlpSpan(span: unknown, resource: Attributes, place: Place): Span | string {
  if (!isPlainObject(span)) return NO_OBJECT;
  const status = objectIn(span, 'status');
  const events = listIn(span, 'events').filter(isPlainObject);
  return spanOf({
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

function takeJaeger(trace: unknown, place: Place, reading: SpanReading): void {
  if (!isPlainObject(trace)) return void reading.unread.push(NO_OBJECT);
  const processes = objectIn(trace, 'processes');
  for (const span of listIn(trace, 'spans')) {
    take(isPlainObject(span) ? jaegerSpan(span, processes, place) : NO_OBJECT, reading);
  }
}

function jaegerSpan(span: Fields, processes: Fields, place: Place): Span | string {
  const process = { ...objectIn(processes, String(span.processID)), ...objectIn(span, 'process') };
  const service = textIn(process, 'serviceName');
  const attributes = jaegerTags(span.tags);
  const start = nanosecondsOf(span.startTime, 1_000n);
  const duration = nanosecondsOf(span.duration, 1_000n);
  const isError = attributes.error === true || attributes.error === 'true';
  const references = listIn(span, 'references').filter(isPlainObject);
  const parent = references.find(({ refType }) => refType === 'CHILD_OF') ?? references[0];
  return spanOf({
    ...{ traceId: span.traceID, spanId: span.spanID, parentId: parent?.spanID },
    name: textIn(span, 'operationName') ?? '',
    start,
    end: start === undefined ? undefined : start + (duration ?? 0n),
    status: isError ? 'error' : statusOf(attributes['otel.status_code']),
    statusMessage: textOf(attributes, 'otel.status_description'),
    attributes,
    events: listIn(span, 'logs').filter(isPlainObject).map(jaegerEvent),
    resource: { ...jaegerTags(process.tags), ...optional('service.name', service) },
    place,
  });
}

function jaegerEvent(log: Fields): SpanEvent {
  const attributes = jaegerTags(log.fields);
  return { name: textOf(attributes, 'event') ?? '', attributes };
}

/** What both forms have, with ids as they were written. */
type UnnamedSpan = Omit<Span, 'traceId' | 'spanId' | 'parentId' | 'file' | 'place'> & {
  traceId: unknown;
  spanId: unknown;
  parentId: unknown;
  place: Place;
};

function spanOf({ traceId, spanId, parentId, place, ...rest }: UnnamedSpan): Span | string {
  const [trace, span, parent] = [idOf(traceId), idOf(spanId), idOf(parentId)];
  if (trace === undefined || span === undefined) return 'The span has no ids.';
  return {
    ...{ traceId: trace, spanId: span, parentId: parent === span ? undefined : parent },
    ...rest,
    file: place.file,
    place: place.place === WHOLE_FILE ? `span ${span}` : place.place,
  };
}

/** Ids are hexadecimal in either case; zeros stand for none. Some programs write them in base 64. */
function idOf(id: unknown): string | undefined {
  if (typeof id !== 'string' || /^0*$/.test(id)) return undefined;
  return /^[0-9a-f]+$/i.test(id) ? id.toLowerCase() : id;
}

/** A time or a duration, as a number or as its digits; undefined for none. `unit`: in nanoseconds. */
function nanosecondsOf(value: unknown, unit = 1n): bigint | undefined {
  const digits = typeof value === 'number' ? String(value) : value;
  if (typeof digits !== 'string' || !/^\d{1,20}$/.test(digits)) return undefined;
  const nanoseconds = BigInt(digits) * unit;
  return nanoseconds === 0n && unit === 1n ? undefined : nanoseconds;
}

function statusOf(code: unknown): Span['status'] {
  const word = String(code).replace('STATUS_CODE_', '').toUpperCase();
  if (word === '2' || word === 'ERROR') return 'error';
  return word === '1' || word === 'OK' ? 'ok' : undefined;
}
