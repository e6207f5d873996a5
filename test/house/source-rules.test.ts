import { describe, expect, test } from 'vitest';
import { SOURCE_RULES, sourceBreaches } from './support/source-rules.ts';
import { readTree } from './support/source-tree.ts';

const files = ['src', 'test', 'bench', 'examples'].flatMap((folder) => readTree(folder, '.ts'));

/** One file for each rule, that breaks this rule and no other. */
const SAMPLES: Record<string, { path: string; text: string }> = {
  'no file is longer than 300 lines': { path: 'src/a.ts', text: 'a();\n'.repeat(301) },
  'file names are kebab-case': { path: 'src/runStore.ts', text: '' },
  'errors have a code: no bare `throw new Error`': {
    path: 'src/a.ts',
    text: "if (a) throw new Error('no');",
  },
  'only the command line writes to the console': { path: 'src/a.ts', text: 'console.log(1);' },
  'nothing is typed `any`': { path: 'test/a.ts', text: 'const a = b as any;' },
  'no complaint of the compiler is silenced': { path: 'test/a.ts', text: '  // @ts-ignore\na();' },
  'a complaint of the linter is silenced with a reason': {
    path: 'test/a.ts',
    text: '// biome-ignore lint/suspicious/noExplicitAny: x\na();',
  },
  'only the public doors re-export': {
    path: 'src/a.ts',
    text: "export {\n  b,\n  type C,\n} from './b.ts';",
  },
  'every export has a doc comment': {
    path: 'src/a.ts',
    text: '/** A. */\nexport const a = 1;\nexport async function b() {}',
  },
};

describe('source rules', () => {
  test.each(SOURCE_RULES)('$name', (rule) => {
    const broken = files.filter((file) => rule.appliesTo(file.path) && rule.breachIn(file));
    expect(broken.map((file) => `${file.path} ${rule.breachIn(file)}`)).toEqual([]);
  });

  test.each(SOURCE_RULES)('a breach is seen: $name', ({ name }) => {
    const sample = SAMPLES[name];
    expect(sample && sourceBreaches([sample])).toEqual([
      expect.stringContaining(`${sample?.path}: ${name}`),
    ]);
  });

  test.each([
    "const text = 'they take as any do';\nexport {};",
    '// Nothing is typed as any here.\nexport {};',
    "import { b } from './b.ts';\n\nexport {};",
    '/** Throws: `throw new Error()` is for others. */\nexport const a = 1;',
  ])('no breach is seen in %j', (text) => {
    expect(sourceBreaches([{ path: 'src/a.ts', text }])).toEqual([]);
  });
});
