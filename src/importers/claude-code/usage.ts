import type { Usage } from '../../domain/run.ts';
import { type Fields, objectIn } from './transcript-line.ts';

/**
 * The tokens of one model call in disjoint parts. Input excludes the cache already. What a cache was
 * written for is split by its life where the source splits it; the rest counts as five minutes, which
 * is what a cache lives without being asked for more. Reasoning is within the output and not stated.
 */
export function readUsage(usage: Fields): Usage {
  const split = objectIn(usage, 'cache_creation');
  const hour = count(split.ephemeral_1h_input_tokens);
  const fiveMinutes = count(split.ephemeral_5m_input_tokens);
  const written = count(usage.cache_creation_input_tokens);
  return {
    inputTokens: count(usage.input_tokens),
    cacheReadTokens: count(usage.cache_read_input_tokens),
    cacheWrite5mTokens:
      written === null ? fiveMinutes : Math.max(written - (hour ?? 0), fiveMinutes ?? 0),
    cacheWrite1hTokens: hour ?? (written === null ? null : 0),
    outputTokens: count(usage.output_tokens),
    reasoningTokens: null,
  };
}

/** The sum, part by part; a part that no call states is unknown. Undefined for no calls. */
export function sumOfUsage(parts: readonly Usage[]): Usage | undefined {
  return parts.reduce<Usage | undefined>((sum, part) => (sum ? plus(sum, part) : part), undefined);
}

function plus(a: Usage, b: Usage): Usage {
  return {
    inputTokens: add(a.inputTokens, b.inputTokens),
    cacheReadTokens: add(a.cacheReadTokens, b.cacheReadTokens),
    cacheWrite5mTokens: add(a.cacheWrite5mTokens, b.cacheWrite5mTokens),
    cacheWrite1hTokens: add(a.cacheWrite1hTokens, b.cacheWrite1hTokens),
    outputTokens: add(a.outputTokens, b.outputTokens),
    reasoningTokens: add(a.reasoningTokens, b.reasoningTokens),
  };
}

function add(a: number | null, b: number | null): number | null {
  return a === null ? b : a + (b ?? 0);
}

/** A number of tokens, also written as a string of digits; null for anything else. */
function count(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) && (number as number) >= 0 ? (number as number) : null;
}
