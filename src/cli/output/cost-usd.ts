/** What a run cost in US dollars; null where that is unknown. */
export function costUsdOf({ costMicroUsd }: { costMicroUsd?: number }): number | null {
  return costMicroUsd === undefined ? null : costMicroUsd / 1e6;
}
