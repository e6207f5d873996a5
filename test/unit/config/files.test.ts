import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfiguration } from '../../../src/config/load-configuration.ts';
import { blockOf, folderOf, load, refusalOf, settingOf } from './support/configuration-folder.ts';

const YAML = blockOf('type: sqlite\ndatabase: ./yaml.db');
const JSON_TEXT = '{ "database": { "type": "sqlite", "database": "./json.db" } }';

/** The file of a configuration that is refused, what is wrong with it, and the hint. */
async function faultIn(name: string, text: string) {
  const directory = folderOf({ [name]: text });
  const { code, message, hint } = await refusalOf(
    loadConfiguration({ directory, environment: {} }),
  );
  expect(code).toBe('INVALID');
  expect(message).toContain(join(directory, name));
  return { fault: message.replace(directory, ''), hint };
}

describe('which files are read', () => {
  test('runledger.config.yaml, or .yml, and .json, which is stronger key by key', async () => {
    for (const name of ['runledger.config.yaml', 'runledger.config.yml']) {
      const files = { [name]: blockOf('type: sqlite\ndatabase: ./yaml.db\nsynchronize: false') };
      const directory = folderOf({ ...files, 'runledger.config.json': JSON_TEXT });
      const loaded = await loadConfiguration({ directory, environment: {} });
      expect(loaded.files).toEqual([
        join(directory, 'runledger.config.json'),
        join(directory, name),
      ]);
      expect(settingOf(loaded, 'database')).toEqual([
        join(directory, 'json.db'),
        'runledger.config.json',
      ]);
      expect(settingOf(loaded, 'synchronize')).toEqual([false, name]);
    }
  });

  test('a link that leads nowhere is no missing file', async () => {
    const directory = folderOf({});
    symlinkSync('/nowhere/at/all', join(directory, 'runledger.config.yaml'));
    const { message } = await refusalOf(loadConfiguration({ directory, environment: {} }));
    expect(message).toContain('runledger.config.yaml');
    expect(message).toContain('it is a link that leads nowhere');
  });

  test('two YAML files are one too many', async () => {
    const files = { 'runledger.config.yaml': YAML, 'runledger.config.yml': YAML };
    expect((await refusalOf(load({ files }))).message).toContain('keep one of them');
  });

  test.each([
    ['by the option', { file: 'conf/other.yaml' }],
    ['by RUNLEDGER_CONFIG', { environment: { RUNLEDGER_CONFIG: 'conf/other.yaml' } }],
    [
      'by the option before RUNLEDGER_CONFIG',
      { file: 'conf/other.yaml', environment: { RUNLEDGER_CONFIG: 'gone.yaml' } },
    ],
  ])('one that is named %s alone, with paths from its folder', async (_, options) => {
    const directory = folderOf({
      'runledger.config.yaml': blockOf('synchronize: false'),
      'conf/other.yaml': blockOf('database: ../runs.db'),
    });
    const loaded = await loadConfiguration({ directory, environment: {}, ...options });
    expect(loaded.files).toEqual([join(directory, 'conf/other.yaml')]);
    expect(settingOf(loaded, 'database')).toEqual([join(directory, 'runs.db'), 'conf/other.yaml']);
    expect(settingOf(loaded, 'synchronize')).toEqual([true, 'default']);
  });

  test('one that is named and ends in .json is JSON, whatever else is YAML', async () => {
    const files = { 'a.json': JSON_TEXT, 'b.conf': YAML };
    expect(settingOf(await load({ files, file: 'a.json' }), 'database')?.[1]).toBe('a.json');
    expect(settingOf(await load({ files, file: 'b.conf' }), 'database')?.[1]).toBe('b.conf');
  });

  test('one that is named and not there is MISSING', async () => {
    const directory = folderOf({});
    const { code, message } = await refusalOf(
      loadConfiguration({ directory, environment: {}, file: 'gone.yaml' }),
    );
    expect(code).toBe('MISSING');
    expect(message).toContain(join(directory, 'gone.yaml'));
  });

  test('one that cannot be read is not passed over', async () => {
    const directory = folderOf({});
    mkdirSync(join(directory, 'runledger.config.yaml'));
    const { code, message } = await refusalOf(loadConfiguration({ directory, environment: {} }));
    expect(code).toBe('INVALID');
    expect(message).toContain('cannot be read');
    const latin = folderOf({
      'runledger.config.yaml': Buffer.from('database: {} # \xe4', 'latin1'),
    });
    const refused = await refusalOf(loadConfiguration({ directory: latin, environment: {} }));
    expect(refused.message).toContain('no UTF-8');
  });

  test.each(['', '\n# nothing yet\n', 'database:\n', 'database: {}\n', '\ufeffdatabase:\n'])(
    'YAML that says nothing says nothing: %j',
    async (text) => {
      const loaded = await load({ files: { 'runledger.config.yaml': text } });
      expect(settingOf(loaded, 'type')).toEqual(['sqlite', 'default']);
    },
  );

  test('a byte order mark before JSON is no fault', async () => {
    const loaded = await load({ files: { 'runledger.config.json': `\ufeff${JSON_TEXT}` } });
    expect(settingOf(loaded, 'database')?.[1]).toBe('runledger.config.json');
  });
});

describe('where relative paths begin', () => {
  test('in a file at its folder, elsewhere at the working directory', async () => {
    const directory = folderOf({ 'conf/c.yaml': blockOf('type: sqlite\ndatabase: x.db') });
    const options = { directory, file: 'conf/c.yaml' };
    const placeWith = async (more: object) =>
      (await loadConfiguration({ ...options, environment: {}, ...more })).database;
    const object = { database: { database: 'o.db' } };
    const environment = { RUNLEDGER_DATABASE_DATABASE: 'e.db' };
    expect(await placeWith({})).toMatchObject({ database: join(directory, 'conf/x.db') });
    expect(await placeWith({ object })).toMatchObject({ database: join(directory, 'o.db') });
    expect(await placeWith({ environment })).toMatchObject({ database: join(directory, 'e.db') });
    expect(await placeWith({ store: 'sqlite:f.db' })).toMatchObject({
      database: join(directory, 'f.db'),
    });
  });
});

describe('a fault is told with file, line and column, and without what stands there', () => {
  test.each([
    [
      'a key twice',
      'database:\n  type: sqlite\n  type: file\n',
      'line 3, column 3: this key stands twice in one mapping.',
    ],
    ['a block twice', 'database: {}\ndatabase: {}\n', 'line 2, column 1: this key stands twice'],
    ['a tab', 'database:\n\ttype: secret', 'line 2, column 1: Tabs'],
    [
      'an open quote',
      'database:\n  password: "secret\n',
      'line 3, column 1: Missing closing "quote.',
    ],
    ['a quote too many', "database:\n  password: 'it's secret'\n", 'line 2, column 17: something'],
    [
      'an escape',
      'database:\n  password: "\\secret"\n',
      'line 2, column 14: there is no such escape',
    ],
    ['a tag', 'database:\n  type: !!js/function secret\n', 'line 2, column 9: tags'],
    ['a tag of YAML', 'database:\n  type: !!binary c2VjcmV0\n', 'line 2, column 9: tags'],
    ['two documents', 'database: {}\n---\nsecret: 1\n', 'line 2, column 1: a second document'],
    ['a key that is no text', '? { a: secret }\n: 1\n', 'line 1, column 3: a key must be a text'],
    ['an alias of nothing', 'database: *secret\n', 'an alias leads nowhere'],
    ['no mapping', '- secret\n', 'a configuration must hold blocks, not be an array.'],
    ['a text', 'secret\n', 'a configuration must hold blocks, not be a string.'],
    ['a block that is none', 'database: secret\n', 'database must hold options, not a string.'],
  ])('YAML: %s', async (_, text, expected) => {
    const { fault } = await faultIn('runledger.config.yaml', text);
    expect(fault).toContain(expected);
    expect(fault).not.toMatch(/secret/i);
  });

  test('YAML: aliases that would fill the memory', async () => {
    const levels = Array.from({ length: 12 }, (_, at) => {
      const before = at === 0 ? 'x' : `*a${at - 1}`;
      return `a${at}: &a${at} [${Array(9).fill(before).join(', ')}]`;
    });
    const { fault } = await faultIn('runledger.config.yaml', levels.join('\n'));
    expect(fault).toContain('aliases repeat too much');
  });

  test('YAML: a variable in braces without quotes gets a hint', async () => {
    const text = 'database: { type: ${KIND} }';
    const { fault, hint } = await faultIn('runledger.config.yaml', text);
    expect(fault).toContain('line 1, column 20');
    expect(hint).toContain('stands in quotes');
  });

  test.each([
    [
      'a comma too many',
      '{\n  "database": {},\n}',
      'line 3, column 1: Expected double-quoted property name.',
    ],
    ['a word', '{\n  "database": secret\n}', 'line 2, column 15: what stands here is no JSON.'],
    [
      'a comment',
      '{}\n// secret',
      'line 2, column 1: Unexpected non-whitespace character after JSON.',
    ],
    ['single quotes', "{ 'secret': 1 }", 'line 1, column 3: Expected property name'],
    ['an open quote', '{ "database": "secret', 'line 1, column 22: Unterminated string.'],
    ['cut off', '{\n  "database": {', 'line 2, column 16: Expected property name'],
    ['empty', '', 'line 1, column 1: Unexpected end.'],
    [
      'a key twice',
      '{ "database": {\n"type": "x", "type": "y" } }',
      'line 2, column 14: this key stands twice',
    ],
    ['no object', '["secret"]', 'a configuration must hold blocks, not be an array.'],
  ])('JSON: %s', async (_, text, expected) => {
    const { fault } = await faultIn('runledger.config.json', text);
    expect(fault).toContain(expected);
    expect(fault).not.toContain('secret');
  });
});
