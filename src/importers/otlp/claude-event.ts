import type { JsonValue } from '../../domain/json.ts';
import type { RunStep, Usage } from '../../domain/run.ts';
import type { Transcript } from '../../repository/importer.ts';
import { optional } from '../reading/fields.ts';
import { tokenCount } from '../reading/usage.ts';
import { readJson } from './messages.ts';
import { type Attributes, isoOf, textOf } from './span.ts';

/** Something that Claude Code told of as it happened. */
export interface ClaudeEvent {
  /** Without `claude_code.`: `api_request`. */
  name: string;
  /** Nanoseconds since 1970: when it had happened. */
  time: bigint | undefined;
  attributes: Attributes;
  resource: Attributes;
  file: Transcript;
  place: string;
}

/** What an event is called; undefined for a record that is none of Claude Code's. */
export function claudeEventName(body: unknown, attributes: Attributes): string | undefined {
  const stated = [body, attributes['event.name']].find(
    (name) => typeof name === 'string' && name.startsWith(PREFIX),
  );
  return typeof stated === 'string' ? stated.slice(PREFIX.length) : undefined;
}

const PREFIX = 'claude_code.';

/** An event as a step; undefined for a prompt, which is none. */
export function stepOf(event: ClaudeEvent): RunStep | undefined {
  const { name, attributes } = event;
  if (name === 'user_prompt') return undefined;
  const happened = timesOf(event);
  if (name === 'api_request') {
    const model = textOf(attributes, 'model');
    const usage = usageOf(attributes);
    return {
      kind: 'model_call',
      status: 'SUCCESS',
      ...happened,
      usage,
      ...optional('model', model),
    };
  }
  const error = textOf(attributes, 'error');
  if (name === 'tool_result') {
    const hasFailed = ['false', false].includes(attributes.success as string | boolean);
    const input = attributes.tool_input ?? attributes.tool_parameters;
    return {
      ...{ kind: 'tool_call', name: textOf(attributes, 'tool_name') ?? 'unknown' },
      status: hasFailed ? 'FAILED' : 'SUCCESS',
      ...happened,
      ...optional('input', (readJson(input) as JsonValue | undefined) ?? input),
      ...optional('error', error),
    };
  }
  const output = name === 'tool_decision' ? textOf(attributes, 'decision') : undefined;
  return {
    kind: 'event',
    name,
    ...happened,
    ...optional('output', output),
    ...optional('error', error),
  };
}

/** What a request cost in US dollars. */
export function costOf({ cost_usd: cost }: Attributes): number | undefined {
  const number = typeof cost === 'string' && cost.trim() !== '' ? Number(cost) : cost;
  return typeof number === 'number' && number >= 0 && Number.isFinite(number) ? number : undefined;
}

/** Input excludes the cache already. How long it lives is not stated; it counts as five minutes. */
function usageOf(attributes: Attributes): Usage {
  return {
    inputTokens: tokenCount(attributes.input_tokens),
    cacheReadTokens: tokenCount(attributes.cache_read_tokens),
    cacheWrite5mTokens: tokenCount(attributes.cache_creation_tokens),
    cacheWrite1hTokens: null,
    outputTokens: tokenCount(attributes.output_tokens),
    reasoningTokens: null,
  };
}

/** Events are told of when they are over, and say how long they took. */
function timesOf({ time, attributes }: ClaudeEvent): Pick<RunStep, 'startedAt' | 'duration'> {
  const duration = tokenCount(attributes.duration_ms);
  const start = time === undefined ? undefined : time - BigInt(duration ?? 0) * 1_000_000n;
  return { ...optional('startedAt', isoOf(start)), ...optional('duration', duration ?? undefined) };
}
