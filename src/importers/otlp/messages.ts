import { isPlainObject } from '../../domain/json.ts';
import { parseJson } from '../reading/parse-json.ts';
import { type Span, textOf } from './span.ts';

/** A message that a model was given, or gave. */
export interface Message {
  role: string;
  text: string;
  /** What the model thought before; empty for none. */
  thinking: string;
}

/** What a span was given, oldest first, in whichever form it says so. */
export function inputOf(span: Span): Message[] {
  return (
    found(listed(stated(span, 'gen_ai.input.messages'), 'user')) ??
    found(numbered(span, /^gen_ai\.prompt\.(\d+)\.(role|content)$/, 'user')) ??
    found(numbered(span, /^llm\.input_messages\.(\d+)\.message\.(role|content)$/, 'user')) ??
    found(listed(memberOf(stated(span, 'gcp.vertex.agent.llm_request'), 'contents'), 'user')) ??
    found(spoken(span, /^gen_ai\.(system|user|assistant|tool)\.message$/)) ??
    plain(span, 'user', 'input.value', 'traceloop.entity.input')
  );
}

/** What a span gave, in whichever form it says so. */
export function outputOf(span: Span): Message[] {
  return (
    found(listed(stated(span, 'gen_ai.output.messages'), 'assistant')) ??
    found(numbered(span, /^gen_ai\.completion\.(\d+)\.(role|content)$/, 'assistant')) ??
    found(numbered(span, /^llm\.output_messages\.(\d+)\.message\.(role|content)$/, 'assistant')) ??
    found(
      listed(memberOf(stated(span, 'gcp.vertex.agent.llm_response'), 'content'), 'assistant'),
    ) ??
    found(spoken(span, /^gen_ai\.(choice)$/)) ??
    plain(span, 'assistant', 'output.value', 'traceloop.entity.output')
  );
}

function found(messages: Message[]): Message[] | undefined {
  const said = messages.filter(({ text, thinking }) => text !== '' || thinking !== '');
  return said.length > 0 ? said : undefined;
}

/** An attribute of the span or of an event in it; JSON that stands in a text is read. */
function stated({ attributes, events }: Span, name: string): unknown {
  const value =
    attributes[name] ?? events.find((event) => name in event.attributes)?.attributes[name];
  return readJson(value) ?? value;
}

/** What a text holds as JSON; undefined for what is no text with a list or an object in it. */
export function readJson(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return undefined;
  return parseJson(value)?.value;
}

function memberOf(value: unknown, name: string): unknown {
  return isPlainObject(value) ? value[name] : undefined;
}

/** Messages that stand in a list; `role` is that of one which does not say. */
function listed(value: unknown, role: string): Message[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter(isPlainObject).map((message) => {
    const said = typeof message.role === 'string' ? message.role : role;
    return { role: said, ...partsOf(message.parts ?? message.content) };
  });
}

/** Messages each of whose members is an attribute, with its number in the name. */
function numbered({ attributes }: Span, pattern: RegExp, role: string): Message[] {
  const messages: Message[] = [];
  for (const [name, value] of Object.entries(attributes)) {
    const [, number, member] = pattern.exec(name) ?? [];
    if (number === undefined || Number(number) > MAX_MESSAGES) continue;
    const message = messages[Number(number)] ?? { role, text: '', thinking: '' };
    messages[Number(number)] = message;
    if (member === 'role') message.role = typeof value === 'string' ? value : role;
    else Object.assign(message, partsOf(readJson(value) ?? value));
  }
  return messages.filter((message) => message !== undefined);
}

const MAX_MESSAGES = 100_000;

/** Messages that are events of the span. */
function spoken({ events }: Span, pattern: RegExp): Message[] {
  return events.flatMap(({ name, attributes }) => {
    const role = pattern.exec(name)?.[1];
    if (role === undefined) return [];
    const message = readJson(attributes.message) ?? attributes.message ?? attributes;
    return [{ role, ...partsOf(memberOf(message, 'content') ?? message) }];
  });
}

function plain({ attributes }: Span, role: string, ...names: string[]): Message[] {
  const text = textOf(attributes, ...names);
  return text === undefined ? [] : [{ role, text, thinking: '' }];
}

const THINKING: ReadonlySet<unknown> = new Set(['reasoning', 'thinking']);

/** The texts of a content: a text, or parts of which some are. */
function partsOf(content: unknown): Omit<Message, 'role'> {
  const parts = Array.isArray(content) ? content : [content];
  const [text, thinking]: [string[], string[]] = [[], []];
  for (const part of parts) {
    const said = isPlainObject(part) ? (part.text ?? part.content ?? part.thinking) : part;
    const isThought = isPlainObject(part) && (THINKING.has(part.type) || part.thought === true);
    const isText = !isPlainObject(part) || ['text', undefined].includes(part.type as undefined);
    if (typeof said !== 'string' || said.trim() === '') continue;
    if (isThought) thinking.push(said);
    else if (isText) text.push(said);
  }
  return { text: text.join('\n\n'), thinking: thinking.join('\n\n') };
}
