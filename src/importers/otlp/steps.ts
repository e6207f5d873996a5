import type { JsonValue } from '../../domain/json.ts';
import type { RunStep } from '../../domain/run.ts';
import { optional } from '../reading/fields.ts';
import { readJson } from './messages.ts';
import type { ModelCall } from './model-calls.ts';
import { saidIn } from './said.ts';
import { durationOf, isoOf, modelName, type Span, textOf } from './span.ts';
import type { Node } from './trace.ts';

/** A model call as a step. */
export function modelStep({ spans, usage }: ModelCall): RunStep {
  const [span] = spans;
  const model = spans.flatMap(({ attributes }) => modelName(attributes) ?? [])[0];
  const said = saidIn(spans);
  return {
    kind: 'model_call',
    ...optional('model', model),
    ...(span !== undefined && outcomeOf(span)),
    ...optional('usage', usage),
    ...(Object.keys(said).length > 0 && { output: { ...said } }),
  };
}

/** A tool call as a step; undefined where it is another name for the one that it is within. */
export function toolStep({ span, tool }: Node): RunStep | undefined {
  const { attributes } = span;
  if (tool !== undefined && identityOf(tool.span) === identityOf(span)) return undefined;
  const input = stated(
    attributes,
    'gen_ai.tool.call.arguments',
    'gcp.vertex.agent.tool_call_args',
    ...ENTITY_INPUT,
  );
  const output = stated(
    attributes,
    'gen_ai.tool.call.result',
    'gcp.vertex.agent.tool_response',
    ...ENTITY_OUTPUT,
  );
  return {
    kind: 'tool_call',
    name: toolName(span),
    ...outcomeOf(span),
    ...optional('input', input),
    ...optional('output', output),
  };
}

const ENTITY_INPUT = ['input.value', 'traceloop.entity.input'];
const ENTITY_OUTPUT = ['output.value', 'traceloop.entity.output'];

/** Another operation of an agent as a step: retrieval, a plan. */
export function eventStep({ span }: Node): RunStep {
  return { kind: 'event', name: span.name || 'event', ...outcomeOf(span) };
}

/** What went wrong in a span; undefined for one in which nothing did. */
export function errorOf({
  status,
  statusMessage,
  attributes,
  events,
}: Span): { type?: string; message?: string } | undefined {
  const exception = events.find(({ name }) => name === 'exception')?.attributes ?? {};
  const type = textOf(attributes, 'error.type') ?? textOf(exception, 'exception.type');
  const message = statusMessage ?? textOf(exception, 'exception.message');
  if (status !== 'error' && textOf(attributes, 'error.type') === undefined) return undefined;
  return { ...optional('type', type), ...optional('message', message) };
}

function outcomeOf(span: Span): Omit<RunStep, 'kind'> {
  const error = errorOf(span);
  const isOver = span.end !== undefined;
  return {
    ...(error !== undefined ? { status: 'FAILED', error } : isOver && { status: 'SUCCESS' }),
    ...optional('startedAt', isoOf(span.start)),
    ...optional('duration', durationOf(span)),
  };
}

function toolName({ name, attributes }: Span): string {
  const stated = textOf(attributes, 'gen_ai.tool.name', 'tool.name', 'traceloop.entity.name');
  return stated ?? (name.replace(/^execute_tool /, '') || 'unknown');
}

function identityOf(span: Span): string {
  return JSON.stringify([toolName(span), textOf(span.attributes, 'gen_ai.tool.call.id') ?? null]);
}

/** What stands in an attribute of one of these names; JSON that stands in a text is read. */
function stated(
  attributes: Span['attributes'],
  ...names: readonly string[]
): JsonValue | undefined {
  const value = names.map((name) => attributes[name]).find((each) => each !== undefined);
  return (readJson(value) as JsonValue | undefined) ?? value;
}
