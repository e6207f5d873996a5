import type { Reporter, TestCase, TestModule } from 'vitest/node';

/**
 * Ends a run with the names and reasons of what was skipped, then one line that machines can read:
 * `N passed, N failed, N skipped`. A file that could not even be loaded counts as one failure.
 */
export const countingReporter: Reporter = {
  onTestRunEnd(modules: ReadonlyArray<TestModule>) {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const skipped: string[] = [];
    for (const module of modules) {
      if (module.errors().length > 0) counts.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'pending') continue;
        counts[state] += 1;
        if (state === 'skipped') skipped.push(`skipped: ${test.fullName} (${reason(test)})`);
      }
    }
    // The default reporter prints its summary in the same event: this line waits until it is out.
    process.on('exit', () => {
      for (const line of skipped) process.stdout.write(`${line}\n`);
      process.stdout.write(
        `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`,
      );
    });
  },
};

function reason(test: TestCase): string {
  const result = test.result();
  return (result.state === 'skipped' && result.note) || 'no reason given';
}
