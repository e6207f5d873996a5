import type { Usage } from '../../domain/run.ts';
import { tokenCount } from '../reading/usage.ts';
import type { Attributes } from './span.ts';

/** The names of today first, then older ones, then those of OpenInference. */
const NAMES = {
  input: [...['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens', 'llm.token_count.prompt']],
  output: [
    ...['gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens'],
    'llm.token_count.completion',
  ],
  cacheRead: [
    ...['gen_ai.usage.cache_read.input_tokens', 'gen_ai.usage.cache_read_input_tokens'],
    'llm.token_count.prompt_details.cache_read',
  ],
  cacheWrite: [
    ...['gen_ai.usage.cache_creation.input_tokens', 'gen_ai.usage.cache_creation_input_tokens'],
    'llm.token_count.prompt_details.cache_write',
  ],
  reasoning: [
    ...['gen_ai.usage.reasoning.output_tokens', 'gen_ai.usage.reasoning_tokens'],
    ...['llm.usage.reasoning_tokens', 'llm.token_count.completion_details.reasoning'],
  ],
} as const;

/** Whether a span says how many tokens went in or came out. */
export function statesUsage(attributes: Attributes): boolean {
  return count(attributes, 'input') !== null || count(attributes, 'output') !== null;
}

/**
 * The tokens that a span states, in disjoint parts; undefined where it states none. Input includes the
 * cache, and output includes reasoning. Where the cache is more than the input, it was left out of it.
 * How long a cache lives is not stated; it counts as five minutes.
 */
export function readUsage(attributes: Attributes): Usage | undefined {
  if (!statesUsage(attributes)) return undefined;
  const [cacheRead, cacheWrite] = [count(attributes, 'cacheRead'), count(attributes, 'cacheWrite')];
  const reasoning = count(attributes, 'reasoning');
  return {
    inputTokens: without(count(attributes, 'input'), (cacheRead ?? 0) + (cacheWrite ?? 0)),
    cacheReadTokens: cacheRead,
    cacheWrite5mTokens: cacheWrite,
    cacheWrite1hTokens: null,
    outputTokens: without(count(attributes, 'output'), reasoning ?? 0),
    reasoningTokens: reasoning,
  };
}

/** What a call cost in US dollars, where the span states it. */
export function costOf(attributes: Attributes): number | undefined {
  const values = ['gen_ai.usage.cost', 'llm.cost.total'].map((name) => attributes[name]);
  const cost = values.find((value) => typeof value === 'number' && value >= 0);
  return cost as number | undefined;
}

function without(whole: number | null, part: number): number | null {
  return whole === null || part > whole ? whole : whole - part;
}

function count(attributes: Attributes, part: keyof typeof NAMES): number | null {
  const values = NAMES[part].map((name) => tokenCount(attributes[name]));
  return values.find((value) => value !== null) ?? null;
}
