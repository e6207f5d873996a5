import type { AgentRun } from '../../../src/domain/run.ts';
import { otlp } from '../../../src/importers/otlp/otlp.ts';
import { type Imported, importedBy, writtenFiles } from '../support/imported.ts';

export type Attributes = Record<string, unknown>;
export type RawSpan = Record<string, unknown>;

/** 16 hexadecimal digits that are told apart by their number. */
export function spanId(number: number): string {
  return number.toString(16).padStart(16, '0');
}

/** `10:00:00` and so many milliseconds, on the day of these tests, in nanoseconds since 1970. */
export function nanoseconds(milliseconds: number): string {
  return `${Date.parse('2026-05-04T10:00:00.000Z') + milliseconds}000000`;
}

/** The same as ISO 8601. */
export function at(milliseconds: number): string {
  return new Date(Date.parse('2026-05-04T10:00:00.000Z') + milliseconds).toISOString();
}

/** A span that begins `number` x 10 ms after ten and takes 5; 0 as parent is none. */
export function span(
  number: number,
  parent: number,
  attributes: Attributes = {},
  fields: RawSpan = {},
): RawSpan {
  return {
    ...{ traceId: 'f'.repeat(32), spanId: spanId(number), name: `span ${number}` },
    ...{ parentSpanId: parent === 0 ? '' : spanId(parent) },
    ...{ startTimeUnixNano: nanoseconds(number * 10) },
    endTimeUnixNano: nanoseconds(number * 10 + 5),
    attributes: attributeList(attributes),
    ...fields,
  };
}

export function attributeList(attributes: Attributes): RawSpan[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: unknown): RawSpan {
  if (typeof value === 'number') return { intValue: String(value) };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  if (typeof value === 'object' && value !== null) {
    return { kvlistValue: { values: attributeList(value as Attributes) } };
  }
  return { stringValue: value };
}

export const agent = (name: string, attributes: Attributes = {}): Attributes => ({
  ...{ 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': name, ...attributes },
});

/** A model call with so many tokens in and out; without them where they are not given. */
export function chat(input?: number, output?: number, attributes: Attributes = {}): Attributes {
  return {
    ...{ 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-5' },
    ...(input !== undefined && { 'gen_ai.usage.input_tokens': input }),
    ...(output !== undefined && { 'gen_ai.usage.output_tokens': output }),
    ...attributes,
  };
}

export function said(prompt: string, answer: string): Attributes {
  return {
    'gen_ai.input.messages': JSON.stringify([text('user', prompt)]),
    'gen_ai.output.messages': JSON.stringify([text('assistant', answer)]),
  };
}

export function text(role: string, content: string): RawSpan {
  return { role, parts: [{ type: 'text', content }] };
}

export const tool = (name: string, attributes: Attributes = {}): Attributes => ({
  ...{ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name, ...attributes },
});

/** Spans as one document of OTLP. */
export function document(spans: readonly RawSpan[], resource: Attributes = {}): RawSpan {
  const attributes = attributeList({ 'service.name': 'till', ...resource });
  return { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans }] }] };
}

/** What the importer makes of texts, by file names. */
export async function imported(files: Record<string, string>, now?: number): Promise<Imported> {
  return await importedBy(otlp, writtenFiles(files), now);
}

/** The runs of spans that stand in one document; nothing of it is set aside. */
export async function runsOf(spans: readonly RawSpan[]): Promise<AgentRun[]> {
  const { runs, setAside } = await imported({ 'traces.json': JSON.stringify(document(spans)) });
  if (setAside.length > 0) throw new TypeError(setAside.map(({ reason }) => reason).join(' '));
  return runs;
}
