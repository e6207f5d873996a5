/** A batch of runs is written or read at once: so many at most, and so many bytes of JSON. */
export const BATCH_RUNS = 500;
export const BATCH_BYTES = 8_000_000;
