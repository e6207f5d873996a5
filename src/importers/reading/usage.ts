import type { Usage } from '../../domain/run.ts';

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
export function tokenCount(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) && (number as number) >= 0 ? (number as number) : null;
}
