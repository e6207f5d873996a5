import { describe, expect, test } from 'vitest';
import { importCycles, impureDomain, layerBreaches } from './support/layers.ts';
import { readTree } from './support/source-tree.ts';

const files = readTree('src', '.ts');

describe('layers', () => {
  test('no file of src imports what its layer may not', () => {
    expect(layerBreaches(files)).toEqual([]);
  });

  test('the domain is pure', () => {
    expect(impureDomain(files)).toEqual([]);
  });

  test('no files import one another in a ring', () => {
    expect(importCycles(files)).toEqual([]);
  });
});

describe('the rules about layers see a breach', () => {
  test.each([
    ['src/domain/run.ts', "import { openStore } from '../repository/run-store.ts';"],
    ['src/stores/sqlite/a.ts', "import type { B } from '../memory/b.ts';"],
    ['src/stores/memory/a.ts', "import { b } from '../sql/b.ts';"],
    ['src/cli/commands/list.ts', "const { a } = await import('../../stores/sqlite/a.ts');"],
    ['src/services/copy/a.ts', "export { b } from '../../open-repository.ts';"],
    ['src/compat/a.ts', "import type { B } from '../config/b.ts';"],
    ['src/cli/main.ts', "import {\n  a,\n  b,\n} from '../index.ts';"],
    ['src/elsewhere/a.ts', ''],
  ])('%s with %j', (path, text) => {
    expect(layerBreaches([{ path, text }])).toHaveLength(1);
  });

  test('an import in a comment is none', () => {
    const text = "/**\n * import { a } from '../stores/a.ts';\n */\n// import '../cli/main.ts';";
    expect(layerBreaches([{ path: 'src/domain/a.ts', text }])).toEqual([]);
  });

  test.each([
    "import { readFile } from 'node:fs/promises';",
    'const now = Date.now();',
    'const id = crypto.randomUUID();',
  ])('an impure domain: %s', (text) => {
    expect(impureDomain([{ path: 'src/domain/a.ts', text }])).toHaveLength(1);
  });

  test('a ring of three, one of them by type alone', () => {
    const ring = [
      { path: 'src/a.ts', text: "import { b } from './b.ts';" },
      { path: 'src/b.ts', text: "import type { C } from './c/c.ts';" },
      { path: 'src/c/c.ts', text: "import { a } from '../a.ts';" },
    ];
    expect(importCycles(ring)).toEqual(['src/a.ts -> src/b.ts -> src/c/c.ts -> src/a.ts']);
  });
});
