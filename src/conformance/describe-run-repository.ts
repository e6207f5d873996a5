import type { ConformanceOptions, ConformanceRunner, Suite } from './subject.ts';
import { THEMES } from './themes.ts';

/**
 * Registers the whole suite over one kind of store. Whoever writes a store calls it with the test
 * runner in use and a way to open a fresh store; every test must pass. The tests assert with
 * `node:assert`, so they need no matchers of the runner.
 */
export function describeRunRepository(
  runner: ConformanceRunner,
  { name, themes = Object.keys(THEMES), open }: ConformanceOptions,
): void {
  const suite: Suite = {
    test(title, body) {
      runner.test(title, async () => {
        const subject = await open();
        try {
          await body(subject);
        } finally {
          await subject.close();
        }
      });
    },
    open,
  };
  runner.describe(`${name}: a run repository`, () => {
    for (const title of themes) {
      const describeTheme = THEMES[title];
      if (describeTheme === undefined) throw new TypeError(`There is no theme "${title}".`);
      runner.describe(title, () => describeTheme(suite));
    }
  });
}
