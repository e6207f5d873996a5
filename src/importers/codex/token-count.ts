import type { Usage } from '../../domain/run.ts';
import { type Fields, objectIn } from '../reading/fields.ts';
import { tokenCount } from '../reading/usage.ts';

/** Null for what is not stated. */
interface Totals {
  input: number | null;
  cached: number | null;
  output: number | null;
  reasoning: number | null;
}

/**
 * What counts of tokens add up to. Codex writes running totals, some of them twice; where a total falls, as
 * after a compaction, it began anew.
 */
export class TokenTotals {
  #last: Totals = NOTHING;

  /** The tokens since the count before; undefined where there are none, or the line states no total. */
  take(info: Fields): Usage | undefined {
    const total = totalsOf(objectIn(info, 'total_token_usage'));
    if (total === null) return undefined;
    const before = sizeOf(total) < sizeOf(this.#last) ? NOTHING : this.#last;
    this.#last = total;
    if (sizeOf(total) === sizeOf(before)) return undefined;
    return usageOf({
      input: minus(total.input, before.input),
      cached: minus(total.cached, before.cached),
      output: minus(total.output, before.output),
      reasoning: minus(total.reasoning, before.reasoning),
    });
  }
}

const NOTHING: Totals = { input: null, cached: null, output: null, reasoning: null };

/** The tokens of a line that states them by themselves; undefined where it states none. */
export function usageIn(fields: Fields): Usage | undefined {
  const total = totalsOf(fields);
  return total === null ? undefined : usageOf(total);
}

function totalsOf(fields: Fields): Totals | null {
  const total = {
    input: tokenCount(fields.input_tokens),
    cached: tokenCount(fields.cached_input_tokens),
    output: tokenCount(fields.output_tokens),
    reasoning: tokenCount(fields.reasoning_output_tokens),
  };
  return total.input === null && total.output === null ? null : total;
}

function sizeOf({ input, output }: Totals): number {
  return (input ?? 0) + (output ?? 0);
}

function minus(now: number | null, before: number | null): number | null {
  return now === null ? null : Math.max(0, now - (before ?? 0));
}

/** Input includes the cache, and output the reasoning. Nothing says what was written to a cache. */
function usageOf({ input, cached, output, reasoning }: Totals): Usage {
  return {
    inputTokens: minus(input, cached),
    cacheReadTokens: cached,
    cacheWrite5mTokens: null,
    cacheWrite1hTokens: null,
    outputTokens: minus(output, reasoning),
    reasoningTokens: reasoning,
  };
}
