import type { Usage } from '../../domain/run.ts';
import { statedCost } from '../reading/cost.ts';
import { type Fields, objectIn } from '../reading/fields.ts';
import type { CallFigures } from '../reading/run-draft.ts';
import { tokenCount } from '../reading/usage.ts';

/**
 * What a call used, as a finished step or a message says. A message has zeros before it knows, so tokens
 * that are all 0 are unknown.
 */
export function figuresOf(owner: Fields): CallFigures {
  const usage = readUsage(objectIn(owner, 'tokens'));
  const isUsed = Object.values(usage).some((tokens) => tokens > 0);
  return isUsed
    ? { usage, costUsd: statedCost(dollars(owner.cost), usage) }
    : { usage: undefined, costUsd: undefined };
}

/**
 * Input excludes the cache already. Reasoning stands beside the output, except where the total shows that
 * it is counted within. How long a cache lives is not stated: five minutes, as without being asked for more.
 */
function readUsage(tokens: Fields): Usage {
  const cache = objectIn(tokens, 'cache');
  const [input, output] = [tokenCount(tokens.input), tokenCount(tokens.output)];
  const [read, written] = [tokenCount(cache.read), tokenCount(cache.write)];
  const reasoning = tokenCount(tokens.reasoning);
  const visible = (input ?? 0) + (output ?? 0) + (read ?? 0) + (written ?? 0);
  const isWithin = reasoning !== null && tokenCount(tokens.total) === visible;
  return {
    inputTokens: input,
    cacheReadTokens: read,
    cacheWrite5mTokens: written,
    cacheWrite1hTokens: null,
    outputTokens: isWithin && output !== null ? Math.max(0, output - reasoning) : output,
    reasoningTokens: reasoning,
  };
}

/** A cost in parts, `{input, output}`, does not say of what, and is none. */
function dollars(cost: unknown): unknown {
  return typeof cost === 'object' && cost !== null ? (cost as Fields).usd : cost;
}
