import type { Usage } from '../../domain/run.ts';

/**
 * What a call cost, in US dollars; undefined where it is not stated. Programs that know no price for a
 * model write 0: beside tokens that is unknown, not free.
 */
export function statedCost(value: unknown, usage: Usage | undefined): number | undefined {
  if (typeof value !== 'number' || !(value >= 0)) return undefined;
  const isUsed = Object.values(usage ?? {}).some((tokens) => tokens > 0);
  return value === 0 && isUsed ? undefined : value;
}

/** The sum of US dollars in millionths, rounded once; undefined for no calls, or where one is unknown. */
export function sumOfCost(costs: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  for (const cost of costs) {
    if (cost === undefined) return undefined;
    sum += cost;
  }
  const micro = Math.round(sum * 1e6);
  return costs.length > 0 && Number.isSafeInteger(micro) ? micro : undefined;
}
