import { defineConfig } from 'vitest/config';
import { countingReporter } from './test/support/counting-reporter.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.soak.test.ts'],
    globalSetup: ['test/support/postgres/global-setup.ts'],
    pool: 'forks',
    // Left to itself, vitest keeps a core free, which on two cores is half of them.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', countingReporter],
  },
});
