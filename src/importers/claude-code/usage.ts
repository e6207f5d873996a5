import type { Usage } from '../../domain/run.ts';
import { type Fields, objectIn } from '../reading/fields.ts';
import { tokenCount } from '../reading/usage.ts';

/**
 * The tokens of one model call in disjoint parts. Input excludes the cache already. What a cache was
 * written for is split by its life where the source splits it; the rest counts as five minutes, which
 * is what a cache lives without being asked for more. Reasoning is within the output and not stated.
 */
export function readUsage(usage: Fields): Usage {
  const split = objectIn(usage, 'cache_creation');
  const hour = tokenCount(split.ephemeral_1h_input_tokens);
  const fiveMinutes = tokenCount(split.ephemeral_5m_input_tokens);
  const written = tokenCount(usage.cache_creation_input_tokens);
  return {
    inputTokens: tokenCount(usage.input_tokens),
    cacheReadTokens: tokenCount(usage.cache_read_input_tokens),
    cacheWrite5mTokens:
      written === null ? fiveMinutes : Math.max(written - (hour ?? 0), fiveMinutes ?? 0),
    cacheWrite1hTokens: hour ?? (written === null ? null : 0),
    outputTokens: tokenCount(usage.output_tokens),
    reasoningTokens: null,
  };
}
