import { isPlainObject } from '../../domain/json.ts';
import { type Fields, listIn, objectIn, optional, textIn } from '../reading/fields.ts';
import { jaegerTags } from './any-value.ts';
import { nanosecondsOf, newSpan, type Place, statusOf } from './new-span.ts';
import { type Span, type SpanEvent, textOf } from './span.ts';

/** A span as Jaeger writes it; a sentence where it has no ids. `processes`: the programs of its trace. */
export function jaegerSpan(span: Fields, processes: Fields, place: Place): Span | string {
  const process = {
    ...objectIn(processes, textIn(span, 'processID') ?? ''),
    ...objectIn(span, 'process'),
  };
  const service = textIn(process, 'serviceName');
  const attributes = jaegerTags(span.tags);
  const start = nanosecondsOf(span.startTime, 1_000n);
  const duration = nanosecondsOf(span.duration, 1_000n);
  const isError = attributes.error === true || attributes.error === 'true';
  const references = listIn(span, 'references').filter(isPlainObject);
  const parent = references.find(({ refType }) => refType === 'CHILD_OF') ?? references[0];
  return newSpan({
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
