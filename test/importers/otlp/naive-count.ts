import { readFileSync } from 'node:fs';
import type { RunCount } from '../support/run-count.ts';

interface RawSpan {
  id: string;
  parent: string;
  attributes: Record<string, unknown>;
}

/** What telemetry holds, counted from its raw JSON by the rules of the page, and by nothing else. */
export function naiveCount(paths: readonly string[]): RunCount {
  const spans = new Map<string, RawSpan>();
  for (const span of paths.flatMap(spansOf)) spans.set(span.id, span);
  const all = [...spans.values()];
  const up = (span: RawSpan): RawSpan[] => {
    const parent = span.parent === span.id ? undefined : spans.get(span.parent);
    return parent === undefined ? [span] : [span, ...up(parent)];
  };
  const operation = (span: RawSpan) => span.attributes['gen_ai.operation.name'];
  const isModel = (span: RawSpan) =>
    operation(span) === 'chat' ||
    operation(span) === 'generate_content' ||
    (operation(span) === undefined && 'gen_ai.request.model' in span.attributes);
  const tools = all.filter((span) => operation(span) === 'execute_tool');
  // In these files no tool asks a model, so whatever has a model span within is a wrapper.
  const calls = all.filter(
    (span) =>
      isModel(span) && !all.some((other) => isModel(other) && up(other).slice(1).includes(span)),
  );
  const ownerOf = (span: RawSpan) => {
    const path = up(span);
    return path.find((each) => operation(each) === 'invoke_agent') ?? path.at(-1);
  };
  const sum = (...names: string[]) => {
    const values = calls.flatMap(({ attributes }) => {
      const value = names.map((name) => attributes[name]).find((each) => each !== undefined);
      return value === undefined ? [] : Number(value);
    });
    return values.length === 0 ? null : values.reduce((total, value) => total + value, 0);
  };
  const input = sum('gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens');
  const output = sum('gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens');
  const cacheRead = sum('gen_ai.usage.cache_read_input_tokens');
  const reasoning = sum('gen_ai.usage.reasoning_tokens', 'llm.usage.reasoning_tokens');
  return {
    runs: new Set([...tools, ...calls].map(ownerOf)).size,
    steps: { model_call: calls.length, tool_call: tools.length, message: 0, event: 0 },
    usage: {
      inputTokens: input === null ? null : input - (cacheRead ?? 0),
      cacheReadTokens: cacheRead,
      ...{ cacheWrite5mTokens: null, cacheWrite1hTokens: null },
      outputTokens: output === null ? null : output - (reasoning ?? 0),
      reasoningTokens: reasoning,
    },
  };
}

function spansOf(path: string): RawSpan[] {
  const text = readFileSync(path, 'utf8');
  const documents = path.endsWith('l') ? text.split('\n').filter((line) => line.trim()) : [text];
  return documents
    .map((document) => JSON.parse(document))
    .flatMap((document) => {
      if (document.data !== undefined) return document.data.flatMap(jaegerSpans);
      const groups = document.resourceSpans ?? document.batches;
      const scopes = groups.flatMap(
        (group: Record<string, unknown>) => group.scopeSpans ?? group.instrumentationLibrarySpans,
      );
      return scopes.flatMap(({ spans }: { spans: never[] }) => spans.map(otlpSpan));
    });
}

function otlpSpan(span: {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes?: { key: string; value: Record<string, unknown> }[];
}): RawSpan {
  const entries = (span.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]);
  return {
    id: `${span.traceId} ${span.spanId}`,
    parent: `${span.traceId} ${span.parentSpanId}`,
    attributes: Object.fromEntries(entries),
  };
}

function jaegerSpans({
  spans,
}: {
  spans: {
    traceID: string;
    spanID: string;
    references: { spanID: string }[];
    tags: { key: string; value: unknown }[];
  }[];
}): RawSpan[] {
  return spans.map(({ traceID, spanID, references, tags }) => ({
    id: `${traceID} ${spanID}`,
    parent: `${traceID} ${references[0]?.spanID}`,
    attributes: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
  }));
}
