import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { variableOf } from '../../src/config/layer-of-environment.ts';
import { loadConfiguration } from '../../src/config/load-configuration.ts';
import { type ConfigurationOption, OPTIONS, pathOfOption } from '../../src/config/option-table.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { codeBlocks, sectionsOf } from './support/markdown.ts';
import { ROOT, readTree } from './support/source-tree.ts';

const page = readTree('docs', 'configuration.md')[0] ?? { path: 'docs/configuration.md', text: '' };

/** An option as the table of the page should have it. */
function rowOf({ name, defaults, description }: ConfigurationOption): string[] {
  const shown = Object.values(defaults).map((value) => {
    if (value === null) return '-';
    return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
  });
  const types = Object.keys(defaults);
  const isSame = new Set(shown).size === 1;
  return [
    `\`${pathOfOption(name)}\``,
    types.join(', '),
    isSame ? `${shown[0]}` : shown.map((value, at) => `${value} (${types[at]})`).join(', '),
    `\`${variableOf(name)}\``,
    description,
  ];
}

describe('docs/configuration.md', () => {
  test('has every option, and no other: for which stores, default, variable, meaning', () => {
    const section = sectionsOf(page).find(({ heading }) => heading === 'Options');
    const rows = (section?.text ?? '')
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) =>
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      );
    const [heading, rule, ...documented] = rows;
    expect(heading).toEqual(['option', 'for', 'default', 'variable', 'meaning']);
    expect(rule).toHaveLength(5);
    expect(documented).toEqual(OPTIONS.map(rowOf));
  });

  test('shows blocks that are taken as they stand', async () => {
    const environment = { DB_HOST: 'db', DB_PORT: '5432', DB_USER: 'me', DB_PASSWORD: 'pw' };
    const blocks = codeBlocks(page.text, 'yaml');
    const types = [];
    for (const block of blocks) {
      const directory = temporaryFolder();
      writeFileSync(join(directory, 'runledger.config.yaml'), block);
      const { database, files } = await loadConfiguration({ directory, environment });
      expect(files).toHaveLength(1);
      types.push(database.type);
    }
    expect(types).toEqual(['sqlite', 'postgres']);
  });
});

test('the configuration among the examples works as it stands', async () => {
  const file = join(ROOT, 'examples/runledger.config.yaml');
  const { database, settings } = await loadConfiguration({ file, environment: {} });
  expect(database).toEqual({
    type: 'sqlite',
    database: join(ROOT, 'examples/data/claude-runs.db'),
    synchronize: true,
    logging: ['error'],
    keep: '30d',
  });
  expect(settings.filter(({ source }) => source === 'default')).toEqual([]);
});
