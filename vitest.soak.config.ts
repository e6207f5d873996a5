import { defineConfig } from 'vitest/config';
import { countingReporter } from './test/support/counting-reporter.ts';

/** The long campaigns: fuzzing, kill loops, power cuts. `npm test` runs a short part of each. */
export default defineConfig({
  test: {
    include: ['test/**/*.soak.test.ts'],
    globalSetup: ['test/support/postgres/global-setup.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
    reporters: ['verbose', countingReporter],
  },
});
