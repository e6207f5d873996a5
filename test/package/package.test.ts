import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ROOT, readTree } from '../house/support/source-tree.ts';
import { runChild } from '../support/child.ts';
import { install } from './support/install-package.ts';
import { findOlderNode } from './support/older-node.ts';

const manifest: { name: string; version: string; exports: Record<string, unknown> } = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
);

let folder = '';
let tarball = '';
let packed: string[] = [];

/** A file of the package, or the folder that they lie in. */
const unpacked = (path = '') => join(folder, 'package', path);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runledger-package-'));
  const pack = ['npm', 'pack', '--json', '--pack-destination', folder];
  const { code, stdout, stderr } = await runChild(pack, { cwd: ROOT });
  expect(code, stderr).toBe(0);
  // Newer versions of npm answer an object by name, older ones a list.
  const [entry] = Object.values(JSON.parse(stdout)) as [{ filename: string }];
  tarball = join(folder, entry.filename);
  await runChild(['tar', '-xzf', tarball, '-C', folder]);
  packed = readdirSync(unpacked(), { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(unpacked(path)).isFile())
    .map((path) => path.replaceAll(sep, '/'));
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package file', () => {
  test('holds every module of src and what lies beside them, and their types', () => {
    const modules = readTree('src', '.ts').filter(({ path }) => !path.endsWith('.d.ts'));
    const beside = ['.sql', '.bash', '.zsh', '.fish'].flatMap((ending) => readTree('src', ending));
    const expected = [
      ...modules.map(({ path }) => path.replace(/^src\/(.*)\.ts$/, 'dist/$1.js')),
      ...modules.map(({ path }) => path.replace(/^src\/(.*)\.ts$/, 'dist/$1.d.ts')),
      ...beside.map(({ path }) => path.replace(/^src\//, 'dist/')),
    ];
    expect(packed.filter((path) => path.startsWith('dist/')).sort()).toEqual(expected.sort());
    expect(beside.length).toBeGreaterThan(3);
  });

  test('holds nothing that a user has no use for', () => {
    const outside = packed.filter((path) => !/^(?:dist|docs|examples)\//.test(path)).sort();
    expect(outside).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin/runledger.js',
      'package.json',
    ]);
  });

  test('holds the examples, and not what was installed for one of them', () => {
    const examples = packed.filter((path) => path.startsWith('examples/'));
    expect(examples.sort()).toEqual(
      readTree('examples', '')
        .map(({ path }) => path)
        .sort(),
    );
    expect(examples).toContain('examples/typeorm/package.json');
  });

  test('holds no path of the machine that made it, and no map that leads nowhere', () => {
    const files = packed.filter((path) => /\.(?:js|ts|sql|json|bash|zsh|fish)$/.test(path));
    const named = files.filter((path) => {
      const text = readFileSync(unpacked(path), 'utf8');
      return (
        text.includes(ROOT) || text.includes(`${homedir()}/`) || text.includes('sourceMappingURL')
      );
    });
    expect(named).toEqual([]);
  });
});

describe('the package, installed in an empty folder', () => {
  let consumer = '';
  let isInstalled = false;

  beforeAll(async () => {
    consumer = join(folder, 'consumer');
    mkdirSync(consumer);
    writeFileSync(join(consumer, 'package.json'), '{ "private": true, "type": "module" }');
    isInstalled = await install(tarball, consumer);
  }, 180_000);

  beforeEach(({ skip }) => skip(!isInstalled, 'the npm registry cannot be reached from here'));

  /** Runs a program in that folder, with the script written there first. */
  function call(command: readonly string[], [name, ...lines]: readonly string[] = []) {
    if (name !== undefined) writeFileSync(join(consumer, name), lines.join('\n'));
    return runChild(name === undefined ? command : [...command, name], { cwd: consumer });
  }

  test('gives everything that it says it exports', async () => {
    const names = Object.keys(manifest.exports).map((path) => manifest.name + path.slice(1));
    expect(names).toEqual(expect.arrayContaining(['runledger/compat', 'runledger/conformance']));
    const imports = names.map((name) =>
      name.endsWith('.json')
        ? `await import('${name}', { with: { type: 'json' } });`
        : `if (Object.keys(await import('${name}')).length === 0) throw new Error('${name} is empty');`,
    );
    const ended = await call([process.execPath], ['imports.js', ...imports]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('has types that a strict program compiles with, its libraries checked too', async () => {
    const options = '--noEmit --strict --skipLibCheck false --target es2024 --module nodenext';
    const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')];
    const ended = await call(
      [join(ROOT, 'node_modules/.bin/tsc'), ...options.split(' '), ...types],
      [
        'consumer.ts',
        "import { type AgentRun, openRunRepository } from 'runledger';",
        "import { type AgentRun as OldRun, RunStatus, RunStorage } from 'runledger/compat';",
        "import { describeRunRepository } from 'runledger/conformance';",
        "const runs = await openRunRepository('memory:');",
        "export const run: AgentRun | null = await runs.findById('');",
        "export const old: Promise<OldRun | null> = new RunStorage('memory:').getRun('');",
        'export const status: RunStatus = RunStatus.QUEUED;',
        'export const suite: typeof describeRunRepository = describeRunRepository;',
      ],
    );
    expect(ended).toMatchObject({ code: 0, stdout: '' });
  });

  test('tells its version', async () => {
    const ended = await call(['npx', '--no-install', 'runledger', '--version']);
    expect(ended).toMatchObject({ code: 0, stdout: `${manifest.version}\n` });
  });

  test('takes in the runs that it brings along', async () => {
    const started = await call(['npx', '--no-install', 'runledger', 'start']);
    expect(started, started.stderr).toMatchObject({ code: 0 });
    const listed = await call(['npx', '--no-install', 'runledger', 'list', '--json']);
    const examples = packed.filter((path) => path.startsWith('examples/claude-runs/'));
    expect(JSON.parse(listed.stdout).runs).toHaveLength(examples.length);
  });

  describe('on a Node that is too old', () => {
    let olderNode = '';

    beforeAll(async () => {
      olderNode = (await findOlderNode(24)) ?? '';
    });

    beforeEach(({ skip }) => skip(olderNode === '', 'no Node older than 24 is on the PATH'));

    test('says one clear sentence', async () => {
      const program = 'node_modules/runledger/bin/runledger.js';
      const { code, stdout, stderr } = await call([olderNode, program, 'list']);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(
        /^runledger needs Node 24 or newer, and this is Node \d+\.\d+\.\d+\.\n$/,
      );
    });

    test('can be imported, and is refused when it opens a database', async () => {
      const { code, stdout, stderr } = await call(
        [olderNode],
        [
          'old.js',
          "import { openRunRepository } from 'runledger';",
          "const opening = openRunRepository('sqlite:./old.db');",
          'await opening.catch(({ code, message }) => console.log(code, message));',
        ],
      );
      expect(code, stderr).toBe(0);
      expect(stdout).toMatch(/^UNSUPPORTED .*Node/);
    });
  });
});
