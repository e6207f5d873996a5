import fc from 'fast-check';
import type { RunFilter } from '../../../src/domain/filter.ts';
import type { AgentRun } from '../../../src/domain/run.ts';
import { anyFilter } from './arbitrary-filter.ts';
import { anyRunFields } from './arbitrary-run.ts';

/** A run to save: `slot` stands for one of the ids known so far. */
export interface RunDraft {
  slot: number;
  fields: Omit<AgentRun, 'id'>;
  /** Which version the save expects: none, that of the stored run, or one that it has not. */
  expects: 'nothing' | 'current' | 'another';
}

/** One thing that is done to a repository. */
export type Operation =
  | { do: 'save'; draft: RunDraft }
  | { do: 'save a new run'; fields: Omit<AgentRun, 'id'> }
  | { do: 'saveMany'; drafts: RunDraft[] }
  | { do: 'edit tags'; slot: number; tag: string }
  /** `choice` is the place among the statuses that the run may get; beyond them, of any. */
  | { do: 'go on'; slot: number; choice: number }
  | { do: 'retry' | 'cancel' | 'delete'; slot: number }
  | { do: 'claim'; filter: Omit<RunFilter, 'status'> }
  | { do: 'deleteMany'; filter: RunFilter }
  | { do: 'set the clock'; byMs: number }
  | { do: 'transaction'; operations: Operation[]; ends: 'commit' | 'throw' };

const slot = fc.nat({ max: 7 });
const draft: fc.Arbitrary<RunDraft> = fc.record({
  slot,
  fields: anyRunFields,
  expects: fc.constantFrom('nothing', 'nothing', 'nothing', 'current', 'current', 'another'),
});
const claimFilter = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: anyFilter.map(({ status: _, ...filter }) => filter) },
);

const simple: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('save'), draft }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('save a new run'), fields: anyRunFields }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('saveMany'),
      drafts: fc.array(draft, { maxLength: 5 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('edit tags'),
      slot,
      tag: fc.constantFrom('nightly', 'edited'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('go on'),
      slot,
      choice: fc.nat({ max: 5 }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('retry', 'cancel', 'delete'), slot }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('claim'), filter: claimFilter }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deleteMany'), filter: anyFilter }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('set the clock'),
      byMs: fc.constantFrom(1000, 86_400_000, -5000, -86_400_000),
    }),
  },
) as fc.Arbitrary<Operation>;

/** Any operation; transactions hold a few of the others. */
const anyOperation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 8, arbitrary: simple },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('transaction' as const),
      operations: fc.array(simple, { maxLength: 5 }),
      ends: fc.constantFrom('commit' as const, 'throw' as const),
    }),
  },
);

/** A history: some runs to begin with, then so many operations. */
export function anyHistory(most: number): fc.Arbitrary<Operation[]> {
  const drafts = fc.array(draft, { minLength: 2, maxLength: 6 });
  return fc
    .tuple(drafts, fc.array(anyOperation, { minLength: 1, maxLength: most, size: 'max' }))
    .map(([first, operations]) => [{ do: 'saveMany', drafts: first }, ...operations]);
}
