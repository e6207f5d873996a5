import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/command-list.ts';
import { completionModel } from '../../src/cli/completion/completion-model.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { readStoreTarget } from '../../src/config/store-target.ts';
import { RUN_STATUSES } from '../../src/domain/status.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { offersOf, SHELLS, type Shell, whyNoShell } from './support/offers.ts';
import { json, runledger } from './support/program.ts';

const cwd = import.meta.dirname;
const program = await buildProgram('all');
const names = COMMANDS.map(({ name }) => name);

const scripts = new Map<Shell, string>();

/** What the program prints for a shell; it is asked once. */
async function scriptOf(shell: Shell): Promise<string> {
  if (!scripts.has(shell)) {
    const { code, stdout, stderr } = await runledger(['completion', shell], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    scripts.set(shell, stdout);
  }
  return scripts.get(shell) ?? '';
}

/** What is typed behind `runledger`, and what may stand at its end, in a folder with a file and a folder. */
const TYPED: [string, string[]][] = [
  ['st', ['start', 'stats']],
  ['list --st', ['--status', '--store']],
  ['list --status F', ['FAILED']],
  ['list --status=F', ['FAILED']],
  ['list --status ', [...RUN_STATUSES].sort()],
  ['list --order ', ['newest', 'oldest']],
  ['list --limit ', []],
  ['export --format ', ['csv', 'ndjson']],
  ['export --out ', ['a-file', 'a-folder']],
  ['export --out=a-fi', ['a-file']],
  ['start --from ', ['a-folder']],
  ['migrate --from ', ['file', 'file:', 'memory:', 'sqlite', 'sqlite:']],
  ['list --store s', ['sqlite', 'sqlite:']],
  ['list --store sqlite:a', ['a-file', 'a-folder']],
  ['list --store=sqlite:a-fi', ['a-file']],
  ['tag --a', ['--add']],
  ['show a', []],
  ['show -- --', []],
  ['record --no', ['--no-capture']],
  ['record -- echo a-fi', ['a-file']],
  ['completion z', ['zsh']],
  ['help st', ['start', 'stats']],
];

describe.each(SHELLS)('%s', (shell) => {
  const missing = whyNoShell(shell);
  const others = [
    '',
    'schema --',
    'record -- ec',
    'record -- runledger list --ord',
    'list --status FAILED,CA',
  ];
  const lines = [...TYPED.map(([typed]) => typed), ...others];
  const offers = async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'a-folder'));
    writeFileSync(join(folder, 'a-file'), '');
    return offersOf(
      shell,
      await scriptOf(shell),
      lines.map((line) => `runledger ${line}`),
      folder,
    );
  };

  test('completes what is typed', async ({ skip }) => {
    skip(missing !== '', missing);
    const offered = await offers();
    expect(offered).toHaveLength(lines.length);
    expect(Object.fromEntries(TYPED.map(([typed], at) => [typed, offered[at]]))).toEqual(
      Object.fromEntries(TYPED),
    );
    const [first, options, program, words, several] = offered.slice(TYPED.length);
    expect(first).toEqual(expect.arrayContaining([...names, 'help']));
    expect(options).toEqual(['--apply', '--config', '--help', '--json', '--store']);
    expect(program).toContain('echo');
    // Only zsh leaves what is typed already where it is.
    expect(several).toEqual(shell === 'zsh' ? ['CANCELLED'] : ['FAILED,CANCELLED']);
    // Without the package bash-completion, bash cannot ask how another program is completed.
    expect(words).toEqual(shell === 'bash' ? [] : ['--order']);
  });

  test('is told every command with every option', async () => {
    const script = await scriptOf(shell);
    for (const { name, options } of completionModel(program).commands) {
      const lines = script.split('\n').filter((line) => PLACE_OF[shell](name).test(line));
      expect(lines.length, name).toBeGreaterThan(0);
      for (const flag of options.flatMap(({ flags }) => flags)) {
        const told =
          shell === 'fish' ? flag.replace(/^--/, '-l ').replace(/^-(?=\w$)/, '-s ') : flag;
        expect(lines.join('\n'), `${name} ${flag}`).toMatch(new RegExp(`${told}(?![\\w-])`));
      }
    }
  });
});

/** The lines of a script that say what may stand behind a command. */
const PLACE_OF: Record<Shell, (name: string) => RegExp> = {
  bash: (name) => new RegExp(`'${name} '\\*\\)`),
  zsh: (name) => new RegExp(`^ +${name}\\) `),
  fish: (name) => new RegExp(`__runledger_at[a-z ]* ${name}[ ']`),
};

describe('what there is to complete', () => {
  const { options, commands } = completionModel(program);
  const places = commands.flatMap((command) => [
    ...command.options.flatMap(({ value }) => value ?? []),
    ...(command.argument === null ? [] : [command.argument]),
  ]);

  test('a place that takes a path is called file or folder: another name is none of a path', () => {
    const texts = places.filter(({ kind }) => kind === 'text').map(({ name }) => name);
    expect([...new Set(texts)].sort()).toEqual(
      [
        'age',
        'code',
        'cursor',
        'id',
        'ids',
        'name',
        'number',
        'position',
        'tag',
        'text',
        'time',
        'words',
      ].sort(),
    );
  });

  test('every kind of store opens', () => {
    const { choices = [] } = places.find(({ kind }) => kind === 'store') ?? {};
    expect(choices.length).toBeGreaterThan(0);
    for (const store of choices) {
      const whole = /^(?:file|sqlite):$/.test(store) ? `${store}./place` : store;
      expect(readStoreTarget(whole)).toMatchObject({ kind: store.replace(/:$/, '') });
    }
  });

  test('options of the program take no values: the scripts take its second word for the command', () => {
    expect(options.filter(({ value }) => value !== null)).toEqual([]);
  });
});

test('the script in a document', async () => {
  const document = await json<{ shell: string; script: string }>(['completion', 'fish'], { cwd });
  expect(document).toEqual({ version: 1, shell: 'fish', script: await scriptOf('fish') });
});
