import { CODING_SESSION_SAMPLES } from './coding-session-samples.ts';
import { ORDINARY_SAMPLES } from './ordinary-samples.ts';
import type { Sample } from './sample.ts';
import { TEXT_SAMPLES } from './text-samples.ts';
import { VALUE_SAMPLES } from './value-samples.ts';

/** Every sample run. Their ids differ, so that one store can hold them all at once. */
export const SAMPLES: readonly Sample[] = [
  ...ORDINARY_SAMPLES,
  ...TEXT_SAMPLES,
  ...VALUE_SAMPLES,
  ...CODING_SESSION_SAMPLES,
];
