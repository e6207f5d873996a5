import { CODING_SESSION_SAMPLES } from './coding-session-samples.ts';
import { ORDINARY_SAMPLES } from './ordinary-samples.ts';
import type { Sample } from './sample.ts';
import { LARGE_SAMPLES, TEXT_SAMPLES } from './text-samples.ts';
import { VALUE_SAMPLES } from './value-samples.ts';

/** The samples below 10 MB, for tests that write each of them several times. */
export const MODERATE_SAMPLES: readonly Sample[] = [
  ...ORDINARY_SAMPLES,
  ...TEXT_SAMPLES,
  ...VALUE_SAMPLES,
  ...CODING_SESSION_SAMPLES,
];

/** Every sample run. Their ids differ, so that one store can hold them all at once. */
export const SAMPLES: readonly Sample[] = [...MODERATE_SAMPLES, ...LARGE_SAMPLES];
