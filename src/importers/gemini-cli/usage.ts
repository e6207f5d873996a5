import type { Usage } from '../../domain/run.ts';
import type { Fields } from '../reading/fields.ts';
import { tokenCount } from '../reading/usage.ts';

/**
 * The tokens of one model call in disjoint parts. Input includes the cache; what tools of the model's own
 * gave it (`tool`) is input beside it. Thoughts are beside the output. A cache's writing is not stated.
 */
export function readUsage(tokens: Fields): Usage {
  const input = tokenCount(tokens.input);
  const cached = tokenCount(tokens.cached);
  return {
    inputTokens:
      input === null ? null : Math.max(0, input - (cached ?? 0)) + (tokenCount(tokens.tool) ?? 0),
    cacheReadTokens: cached,
    cacheWrite5mTokens: null,
    cacheWrite1hTokens: null,
    outputTokens: tokenCount(tokens.output),
    reasoningTokens: tokenCount(tokens.thoughts),
  };
}
