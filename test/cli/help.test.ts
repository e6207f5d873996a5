import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/command-list.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { runledger } from './support/program.ts';

const cwd = import.meta.dirname;
const ID = '3f6c1e0a-7b52-4c1d-9a64-0d2b8e5f1a01';

const program = await buildProgram('all');

/** A line as the installed program has it; the place that a shell asks for is as long as it is. */
const asInstalled = (line: string) =>
  line.replace(/^ {2}npm run -s runledger -- /, '  runledger ').replace(/ > ~\/\S+$/, '');

/** The command of this name, or the program. */
const commandOf = (name: string) => program.commands.find((one) => one.name() === name) ?? program;

/** What `--help` prints. */
function helpOf(name: string): string {
  let help = '';
  const writeOut = (text: string) => {
    help += text;
  };
  commandOf(name).configureOutput({ writeOut }).outputHelp();
  return help;
}

/** The lines of what is broken by hand: a line that is too long would be broken once more, to a stray word. */
function linesByHand(name: string): string[] {
  const command = commandOf(name);
  const described = [...command.options, ...command.registeredArguments];
  return [command.description(), ...described.map(({ description }) => description)]
    .filter((text) => text.includes('\n'))
    .flatMap((text) => text.split('\n'));
}

describe('help', () => {
  test.each(['', ...COMMANDS.map(({ name }) => name)])(
    '%s fits 80 columns and has examples',
    (name) => {
      const help = helpOf(name);
      const lines = help.split('\n');
      expect(lines.filter((line) => asInstalled(line).length > 80)).toEqual([]);
      const isWhole = (byHand: string) => lines.some((line) => line.includes(byHand));
      expect(linesByHand(name).filter((line) => !isWhole(line))).toEqual([]);
      expect(help).toMatch(
        name === '' ? /^Usage: runledger <command>/ : /\nExamples:\n {2}npm run -s runledger -- /,
      );
      expect(help.endsWith('\n')).toBe(true);
    },
  );

  test('is there without any word, and by "help"', async () => {
    const [bare, asked, ofList, listHelp] = await Promise.all([
      runledger([], { cwd }),
      runledger(['--help'], { cwd }),
      runledger(['help', 'list'], { cwd }),
      runledger(['list', '--help'], { cwd }),
    ]);
    expect(bare).toEqual(asked);
    expect(ofList).toEqual(listHelp);
    expect(listHelp).toMatchObject({ code: 0, stderr: '', stdout: helpOf('list') });
    for (const { name } of COMMANDS) expect(asked.stdout).toContain(`\n  ${name} `);
  });

  test('the version is that of the package', async () => {
    const { default: manifest } = await import('../../package.json', { with: { type: 'json' } });
    const { code, stdout } = await runledger(['--version'], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${manifest.version}\n` });
  });
});

describe('wrong use ends with 2 and says what was meant', () => {
  test.each([
    [['lsit'], "unknown command 'lsit'", 'Did you mean list?'],
    [['list', '--stauts', 'FAILED'], "unknown option '--stauts'", 'Did you mean --status?'],
    [['list', '--status', 'BROKEN'], 'There are QUEUED, RUNNING,', 'list --help'],
    [['list', '--limit', '0'], 'a whole number from 1 to 1000', 'list --help'],
    [['list', '--limit', '1e2'], 'a whole number from 1 to 1000', 'list --help'],
    [['list', '--since', 'yesterday'], 'a time such as 24h, 7d', 'list --help'],
    [['list', '--since', '2026-02-30'], 'a time such as 24h, 7d', 'list --help'],
    [['list', '--since', '2026-10-05T12:00'], 'a time such as 24h, 7d', 'list --help'],
    [['list', '--order', 'random'], 'Allowed choices are newest, oldest', 'list --help'],
    [['list', 'everything'], 'too many arguments', 'list --help'],
    [['show'], "missing required argument 'id'", 'show --help'],
    [['search'], "missing required argument 'words'", 'search --help'],
    [['migrate', '--verify', 'some'], 'Allowed choices are full, sample, none', 'migrate --help'],
    [['migrate', '--from', 'sqlite', '--to', 'sqlite'], 'Both --from and --to are', 'two stores'],
    [['list', '--store', 'oracle:x'], '"oracle" is no kind of store', 'Use sqlite'],
    [['export', '--json'], '--json needs --out', ''],
    [['tag', ID], 'No tag was named', '--add'],
    [['show', '3f6c1e0a'], 'An id has 36 characters; this has 8.', 'show --help'],
    [['retry', ID, ID.replace('3', 'x')], 'only digits, a to f', 'retry --help'],
    [['completion', 'tcsh'], 'Allowed choices are bash, zsh, fish', 'completion --help'],
    [['help', 'lsit'], "unknown command 'lsit'", 'Did you mean list?'],
  ])('%j', async (args, message, hint) => {
    const { code, stdout, stderr } = await runledger(args, { cwd: temporaryFolder() });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
    expect(stderr).not.toContain('    at ');
  });
});
