import fc from 'fast-check';
import { idOf, startOf } from '../../../src/conformance/make-run.ts';
import type { RunFilter } from '../../../src/domain/filter.ts';
import { RUN_STATUSES } from '../../../src/domain/status.ts';

const moment = fc.nat({ max: 21 }).map(startOf);

/** Any filter over the values that `anyRunFields` draws; the empty one among them. */
export const anyFilter: fc.Arbitrary<RunFilter> = fc.record(
  {
    status: fc.oneof(
      fc.constantFrom(...RUN_STATUSES),
      fc.subarray([...RUN_STATUSES], { minLength: 1 }),
    ),
    repository: fc.constantFrom('acme/app', 'acme/api', 'café', 'cafe\u0301', '\ud800', 'none'),
    agent: fc.constantFrom('coder', ''),
    model: fc.constantFrom('large-1', 'small-2'),
    branch: fc.constantFrom('main', 'b\ud800'),
    tag: fc.constantFrom('nightly', 'a\u0000b'),
    errorCode: fc.constantFrom('TIMEOUT', ''),
    parentRunId: fc.nat({ max: 9 }).map(idOf),
    callerRunId: fc.nat({ max: 9 }).map(idOf),
    since: moment,
    until: moment,
  },
  { requiredKeys: [] },
);
