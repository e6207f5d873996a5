import fc from 'fast-check';
import { idOf, startOf } from '../../../src/conformance/make-run.ts';
import type { RunFilter } from '../../../src/domain/filter.ts';
import { RUN_STATUSES } from '../../../src/domain/status.ts';

const moment = fc.nat({ max: 21 }).map(startOf);

const anyCondition: fc.Arbitrary<RunFilter> = fc.oneof(
  fc.record({
    status: fc.oneof(
      fc.constantFrom(...RUN_STATUSES),
      fc.subarray([...RUN_STATUSES], { minLength: 1 }),
    ),
  }),
  fc.record({
    repository: fc.constantFrom('acme/app', 'acme/api', 'café', 'cafe\u0301', '\ud800', 'none'),
  }),
  fc.record({ agent: fc.constantFrom('coder', '') }),
  fc.record({ model: fc.constantFrom('large-1', 'small-2') }),
  fc.record({ branch: fc.constantFrom('main', 'b\ud800') }),
  fc.record({ tag: fc.constantFrom('nightly', 'a\u0000b') }),
  fc.record({ errorCode: fc.constantFrom('TIMEOUT', '') }),
  fc.record({ parentRunId: fc.nat({ max: 9 }).map(idOf) }),
  fc.record({ callerRunId: fc.nat({ max: 9 }).map(idOf) }),
  fc.record({ since: moment }),
  fc.record({ until: moment }),
);

/** Any filter over the values that `anyRunFields` draws, of a few conditions; or of none. */
export const anyFilter: fc.Arbitrary<RunFilter> = fc
  .array(anyCondition, { maxLength: 3 })
  .map((conditions) => Object.assign({}, ...conditions) as RunFilter);
