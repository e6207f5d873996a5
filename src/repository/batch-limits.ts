/** A batch of runs, read or written at once, has so many at most. */
export const BATCH_RUNS = 500;
/** And about so many bytes of JSON, unless a single run is larger. */
export const BATCH_BYTES = 8_000_000;
