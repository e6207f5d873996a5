import type { Usage } from '../../domain/run.ts';
import type { UsageTotals } from '../../domain/statistics.ts';
import { countOf, formatCount } from './figures.ts';

/** Token totals in words; what is unknown is left out. */
export function formatUsage(usage: { [part in keyof UsageTotals]: number | null }): string {
  const reasoning = usage.reasoningTokens
    ? ` (${formatCount(usage.reasoningTokens)} reasoning)`
    : '';
  const parts: Array<[number | null, string]> = [
    [usage.inputTokens, 'in'],
    [usage.cacheReadTokens, 'cache read'],
    [usage.cacheWriteTokens, 'cache write'],
    [usage.outputTokens, `out${reasoning}`],
  ];
  return parts
    .flatMap(([count, name]) => (count === null ? [] : `${formatCount(count)} ${name}`))
    .join(', ');
}

/** The tokens of one run: in parts where they are known, else the total of old runs; null for none. */
export function formatRunTokens(
  usage: Usage | undefined,
  tokensUsed: number | null | undefined,
): string | null {
  if (usage === undefined) return tokensUsed ? countOf(tokensUsed, 'token') : null;
  return formatUsage({
    inputTokens: usage.inputTokens,
    cacheReadTokens: usage.cacheReadTokens,
    cacheWriteTokens: sumOfKnown(usage.cacheWrite5mTokens, usage.cacheWrite1hTokens),
    outputTokens: sumOfKnown(usage.outputTokens, usage.reasoningTokens),
    reasoningTokens: usage.reasoningTokens,
  });
}

function sumOfKnown(a: number | null, b: number | null): number | null {
  return a === null && b === null ? null : (a ?? 0) + (b ?? 0);
}
