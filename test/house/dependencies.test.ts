import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf, ROOT, readTree } from './support/source-tree.ts';

const manifest: {
  name: string;
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
} = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** Not imported, but what the scripts run (`tsc` is typescript's), and the types of Node itself. */
const TOOLS = ['@biomejs/biome', '@types/node', 'node', 'typescript'];

function packagesOf(...folders: string[]): string[] {
  const names = folders
    .flatMap((folder) => readTree(folder, '.ts'))
    .flatMap(importsOf)
    .filter((name) => /^[@a-z]/.test(name) && !name.startsWith('node:'))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    )
    .filter((name) => name !== manifest.name);
  return [...new Set(names)].sort();
}

describe('dependencies', () => {
  test('what src imports is what a user installs: no more and no less', () => {
    expect(packagesOf('src')).toEqual(Object.keys(manifest.dependencies).sort());
  });

  test('what tests and benchmarks import is declared, and what is declared is used', () => {
    const declared = { ...manifest.dependencies, ...manifest.devDependencies };
    const used = [...new Set([...packagesOf('src', 'test'), ...TOOLS])].sort();
    expect(used).toEqual(Object.keys(declared).sort());
  });

  test('modules of Node are imported as such', () => {
    const bare = ['src', 'test', 'bench']
      .flatMap((folder) => readTree(folder, '.ts'))
      .filter((file) =>
        importsOf(file).some((name) => isBuiltin(name) && !name.startsWith('node:')),
      );
    expect(bare.map(({ path }) => path)).toEqual([]);
  });

  test('versions are pinned, so that a clone runs what was tested', () => {
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});
