import { describe, expect, test } from 'vitest';
import { codeBlocks, readDocs } from './support/markdown.ts';
import { runExample } from './support/run-example.ts';
import { readTree } from './support/source-tree.ts';

interface Example {
  where: string;
  code: string;
}

/** Every TypeScript block of the pages, and of the doc comments in src. */
function examples(): Example[] {
  const pages = readDocs();
  const comments = readTree('src', '.ts').map(({ path, text }) => ({
    path,
    text: [...text.matchAll(/^ *\/\*\*[\s\S]*?\*\//gm)]
      .map(([comment]) => comment.replace(/^ *\/?\*+\/? ?/gm, ''))
      .join('\n'),
  }));
  return [...pages, ...comments].flatMap(({ path, text }) =>
    codeBlocks(text, 'ts').map((code, index) => ({ where: `${path}, block ${index + 1}`, code })),
  );
}

describe('an example that is shown is an example that runs', () => {
  test('the README has one, of ten lines at most', () => {
    const [example, ...others] = examples().filter(({ where }) => where.startsWith('README.md'));
    expect(others).toEqual([]);
    expect(example?.code.trim().split('\n').length).toBeLessThanOrEqual(10);
  });

  test.each(examples())('$where', async ({ code }) => {
    expect(await runExample(code)).toMatchObject({ code: 0, stderr: '' });
  });

  test.each([
    ['wrong types', "import { openRunRepository } from 'runledger';\nawait openRunRepository(1);"],
    ['a name that is not exported', "import { nothing } from 'runledger';\nnothing();"],
    ['a failing promise', "await Promise.reject(new Error('no'));"],
  ])('a breach is seen: %s', async (_name, code) => {
    expect((await runExample(code)).code).not.toBe(0);
  });
});
