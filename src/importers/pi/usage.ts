import { statedCost } from '../reading/cost.ts';
import { type Fields, objectIn } from '../reading/fields.ts';
import type { CallFigures } from '../reading/run-draft.ts';
import { tokenCount } from '../reading/usage.ts';

/**
 * What a call used, of the `usage` beside it. Input excludes the cache already; reasoning is within the
 * output. How long a cache lives is not stated: five minutes is what it lives without being asked for more.
 */
export function figuresOf(owner: Fields): CallFigures {
  const stated = objectIn(owner, 'usage');
  if (Object.keys(stated).length === 0) return { usage: undefined, costUsd: undefined };
  const usage = {
    inputTokens: tokenCount(stated.input),
    cacheReadTokens: tokenCount(stated.cacheRead),
    cacheWrite5mTokens: tokenCount(stated.cacheWrite),
    cacheWrite1hTokens: null,
    outputTokens: tokenCount(stated.output),
    reasoningTokens: null,
  };
  return { usage, costUsd: statedCost(objectIn(stated, 'cost').total, usage) };
}
