import { type Span, textOf } from './span.ts';
import { statesUsage } from './usage.ts';

/** What a span is to a run. What is none of an agent's work is `other`. */
export type SpanKind = 'agent' | 'model' | 'tool' | 'event' | 'other';

/** By `gen_ai.operation.name`, and by what OpenInference and OpenLLMetry call the same. */
const KINDS: ReadonlyMap<string, SpanKind> = new Map([
  ...named('agent', 'invoke_agent', 'invoke_workflow', 'agent', 'workflow'),
  ...named('model', 'chat', 'generate_content', 'text_completion', 'embeddings'),
  ...named('model', 'completion', 'llm', 'embedding'),
  ...named('tool', 'execute_tool', 'tool'),
  ...named('event', 'create_agent', 'plan', 'retrieval', 'retriever'),
]);

function named(kind: SpanKind, ...operations: string[]): [string, SpanKind][] {
  return operations.map((operation) => [operation, kind]);
}

const NAMES = [
  ...['gen_ai.operation.name', 'openinference.span.kind', 'traceloop.span.kind'],
  'llm.request.type',
];

/** Told by what the span says that it does; by the model that it asked where it does not say. */
export function kindOf({ attributes }: Span): SpanKind {
  const operation = NAMES.map((name) => textOf(attributes, name)).find(
    (name) => name !== undefined,
  );
  const known = operation === undefined ? undefined : KINDS.get(operation.toLowerCase());
  if (known !== undefined) return known;
  const asksModel = textOf(attributes, 'gen_ai.request.model') !== undefined;
  return asksModel || statesUsage(attributes) ? 'model' : 'other';
}
