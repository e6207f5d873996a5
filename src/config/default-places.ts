/** Where a store lies when only its kind is named; relative to the working directory. */
export const DEFAULT_PLACES = {
  file: './logs/claude-runs',
  sqlite: './data/claude-runs.db',
} as const;
