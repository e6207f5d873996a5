import { compareQuarantineItems } from '../../repository/quarantine-order.ts';
import type { QuarantineItem, RunStore } from '../../repository/run-store.ts';
import { setAsideItems } from '../../repository/set-aside-items.ts';
import type { CompareReport } from './compare-report.ts';
import { mergeSorted } from './merge-sorted.ts';

/** What two stores have put aside otherwise, by reason and bytes. Memory holds the bytes of one item of each. */
export async function compareQuarantines(
  first: RunStore,
  second: RunStore,
): Promise<CompareReport['setAside']> {
  const differences: CompareReport['setAside'] = [];
  for await (const [a, b] of mergeSorted(setAsideItems(first), setAsideItems(second), byPlace)) {
    if (a === null) differences.push({ ...nameOf(b), what: 'only in the second' });
    else if (b === null) differences.push({ ...nameOf(a), what: 'only in the first' });
    else if (!isSame(a, b)) differences.push({ ...nameOf(a), what: 'differs' });
  }
  return differences;
}

function byPlace(a: QuarantineItem, b: QuarantineItem): number {
  const isSamePlace = a.origin === b.origin && a.name === b.name;
  return isSamePlace ? 0 : compareQuarantineItems(a, b);
}

function nameOf({ origin, name }: QuarantineItem) {
  return { origin, name };
}

function isSame(a: QuarantineItem, b: QuarantineItem): boolean {
  if (a.reason !== b.reason) return false;
  if (a.bytes === null || b.bytes === null) return a.bytes === b.bytes;
  return Buffer.compare(a.bytes, b.bytes) === 0;
}
