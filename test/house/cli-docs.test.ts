import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/command-list.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { buildProgram } from '../../src/cli/program.ts';
import {
  codeBlocks,
  firstCells,
  quotedIn,
  readDocs,
  sectionsOf,
  withoutCode,
} from './support/markdown.ts';
import { readTree } from './support/source-tree.ts';

const program = await buildProgram('all');
const page = readTree('docs', 'cli.md')[0] ?? { path: 'docs/cli.md', text: '' };
const sections = sectionsOf(page);
const names = COMMANDS.map(({ name }) => name);

/** The long options that a table of the page lists in its first column. */
function documentedOptions(heading: string): string[] {
  const text = sections.find((section) => section.heading === heading)?.text ?? '';
  return firstCells(text)
    .flatMap(quotedIn)
    .flatMap((flags) => /--[a-z-]+/.exec(flags)?.[0] ?? []);
}

/** The first word of a call that the program does not know. What follows ` -- ` is not ours. */
function unknownIn(call: string): string | undefined {
  const [, name = '', ...words] = (call.split(' -- ')[0] ?? '').split(' ');
  const command = program.commands.find((known) => known.name() === name);
  if (command === undefined) return name;
  const options = command.options.map(({ long }) => long);
  return words.find((word) => word.startsWith('--') && !options.includes(word.split('=')[0]));
}

describe('docs/cli.md and the program agree', () => {
  test('every command has a section, and every section of a command has one', () => {
    const documented = sections.map(({ heading }) => heading);
    expect(documented.filter((heading) => names.includes(heading))).toEqual(names);
  });

  test.each(program.commands.map((command) => [command.name(), command] as const))(
    'the options of %s',
    (name, command) => {
      const real = command.options.filter(({ hidden }) => !hidden).map(({ long }) => long);
      expect(documentedOptions(name).sort()).toEqual(real.sort());
    },
  );

  test('every call that a page shows names a command and options of it', () => {
    const calls = readDocs().flatMap(({ text }) =>
      [...codeBlocks(text, 'sh'), ...quotedIn(withoutCode(text))]
        .flatMap((code) => code.split('\n'))
        .flatMap(
          (line) =>
            /(?<=^|\s)runledger (?:-- )?[a-z].*/
              .exec(line)?.[0]
              .replace('runledger -- ', 'runledger ') ?? [],
        ),
    );
    expect(calls.length).toBeGreaterThan(names.length);
    expect(calls.filter((call) => unknownIn(call) !== undefined)).toEqual([]);
  });

  test.each(['runledger lst', 'runledger list --sort size'])('a wrong call is seen: %s', (call) => {
    expect(unknownIn(call)).toBeDefined();
  });

  test('the exit codes', () => {
    const text = sections.find(({ heading }) => heading === 'Exit codes')?.text ?? '';
    expect(firstCells(text).flatMap(quotedIn).map(Number)).toEqual(Object.values(EXIT));
  });
});

test('the README names every command once, and no other', () => {
  const readme = readTree('.', 'README.md').find(({ path }) => path === 'README.md');
  const table =
    readme && sectionsOf(readme).find(({ heading }) => heading === 'On the command line');
  const named = firstCells(table?.text ?? '')
    .flatMap(quotedIn)
    .map((call) => call.split(' ')[1]);
  expect(named.sort()).toEqual([...names].sort());
});
