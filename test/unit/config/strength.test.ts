import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Configuration } from '../../../src/config/load-configuration.ts';
import { blockOf, load, loadYaml, refusalOf, settingOf } from './support/configuration-folder.ts';

const POSTGRES = 'type: postgres\ndatabase: runs\n';
const YAML = { 'runledger.config.yaml': blockOf(`${POSTGRES}poolSize: 1`) };
const BOTH = {
  ...YAML,
  'runledger.config.json': JSON.stringify({ database: { poolSize: 2 } }),
};
const object: Configuration = { database: { poolSize: 3 } };
const environment = { RUNLEDGER_DATABASE_POOL_SIZE: '4' };

describe('a stronger source outranks a weaker one, option by option', () => {
  test.each([
    ['default', { files: { 'runledger.config.yaml': blockOf(POSTGRES) } }, [10, 'default']],
    ['YAML', { files: YAML }, [1, 'runledger.config.yaml']],
    ['JSON', { files: BOTH }, [2, 'runledger.config.json']],
    ['object', { files: BOTH, object }, [3, 'object']],
    ['environment', { files: BOTH, object, environment }, [4, 'RUNLEDGER_DATABASE_POOL_SIZE']],
  ])('%s', async (_, options, expected) => {
    const loaded = await load(options);
    expect(settingOf(loaded, 'poolSize')).toEqual(expected);
    expect(settingOf(loaded, 'database')).toEqual(['runs', 'runledger.config.yaml']);
    expect(loaded.database).toMatchObject({ type: 'postgres', poolSize: expected[0] });
  });

  test('nothing said anywhere is SQLite in the usual place', async () => {
    const loaded = await load({ directory: '/base' });
    expect(loaded).toEqual({
      database: {
        type: 'sqlite',
        database: '/base/data/claude-runs.db',
        synchronize: true,
        logging: false,
      },
      mirror: null,
      settings: [
        { name: 'database.type', value: 'sqlite', source: 'default' },
        { name: 'database.database', value: '/base/data/claude-runs.db', source: 'default' },
        { name: 'database.synchronize', value: true, source: 'default' },
        { name: 'database.logging', value: false, source: 'default' },
      ],
      files: [],
    });
  });

  test('what is undefined or set to nothing is not said', async () => {
    const loaded = await loadYaml('database: ./x.db', {
      object: { database: { database: undefined } },
      environment: { RUNLEDGER_DATABASE_DATABASE: '', RUNLEDGER_STORE: '', RUNLEDGER_CONFIG: '' },
    });
    expect(settingOf(loaded, 'database')).toMatchObject([/x\.db$/, 'runledger.config.yaml']);
  });
});

describe('another store is another store', () => {
  const SQLITE = 'database: ./mine.db\nsynchronize: false\nlogging: true';
  const mine = { type: 'sqlite', synchronize: false, logging: true };
  const usual = (folder: string) => ({
    type: 'sqlite',
    database: join(folder, 'data/claude-runs.db'),
    synchronize: true,
    logging: true,
  });

  test.each([
    ['--store', { store: 'sqlite:/o.db' }],
    ['RUNLEDGER_STORE', { environment: { RUNLEDGER_STORE: 'sqlite:/o.db' } }],
  ])('%s with a place: nothing but logging stays', async (source, options) => {
    const loaded = await loadYaml(SQLITE, options);
    expect(loaded.database).toEqual({
      type: 'sqlite',
      database: '/o.db',
      synchronize: true,
      logging: true,
    });
    expect(settingOf(loaded, 'type')).toEqual(['sqlite', source]);
    expect(settingOf(loaded, 'synchronize')).toEqual([true, 'default']);
    expect(settingOf(loaded, 'logging')).toEqual([true, 'runledger.config.yaml']);
  });

  test('a kind alone is the configured store of that kind', async () => {
    for (const options of [{ store: 'sqlite' }, { environment: { RUNLEDGER_STORE: 'sqlite' } }]) {
      const loaded = await loadYaml(`type: sqlite\n${SQLITE}`, options);
      expect(loaded.database).toMatchObject(mine);
      expect(settingOf(loaded, 'database')).toMatchObject([/mine\.db$/, 'runledger.config.yaml']);
    }
  });

  test('a kind alone of another type is the usual place of that kind', async () => {
    const directory = '/base';
    const options = { directory, environment: { RUNLEDGER_DATABASE_LOGGING: 'true' } };
    const file = { ...options, object: { database: { type: 'file' as const, database: '/o' } } };
    expect((await load({ ...file, store: 'sqlite' })).database).toEqual(usual(directory));
    expect((await load({ ...file, store: 'file' })).database).toEqual({
      type: 'file',
      database: '/o',
    });
    expect((await load({ ...options, store: 'file' })).database).toEqual({
      type: 'file',
      database: '/base/logs/claude-runs',
    });
  });

  test('where logging does not apply it goes too', async () => {
    expect((await loadYaml(`type: sqlite\n${SQLITE}`, { store: 'memory:' })).database).toEqual({
      type: 'memory',
    });
  });

  test('a stronger type drops what weaker sources say of the place, and no others', async () => {
    const files = {
      'runledger.config.yaml': blockOf(`type: sqlite\n${SQLITE}`),
      'runledger.config.json': '{ "database": { "type": "file", "database": "/o" } }',
    };
    expect((await load({ files })).database).toEqual({ type: 'file', database: '/o' });
    const back = await load({ files, environment: { RUNLEDGER_DATABASE_TYPE: 'sqlite' } });
    expect(back.database).toMatchObject({ synchronize: true, logging: true });
    expect(settingOf(back, 'database')).toMatchObject([/data.claude-runs\.db$/, 'default']);
  });

  test('what names no type belongs to the type below it, or to any', async () => {
    const environment = { RUNLEDGER_DATABASE_DATABASE: 'runs' };
    const postgres = await loadYaml('type: postgres\nhost: db', { environment });
    expect(postgres.database).toMatchObject({ type: 'postgres', host: 'db', database: 'runs' });
    const sqlite = await loadYaml('type: postgres\nhost: db', { environment, store: 'sqlite' });
    expect(settingOf(sqlite, 'database')).toMatchObject([/data.claude-runs\.db$/, 'default']);
    const untyped = await loadYaml('host: db\ndatabase: runs', { store: 'postgres' });
    expect(untyped.database).toMatchObject({ type: 'postgres', host: 'db', database: 'runs' });
  });

  test('a place without a type is one of the default type, and of no other', async () => {
    for (const options of [
      { files: { 'runledger.config.yaml': blockOf('database: ./mine.db') } },
      { environment: { RUNLEDGER_DATABASE_DATABASE: './mine.db' } },
    ]) {
      const own = await load({ ...options, store: 'sqlite' });
      expect(settingOf(own, 'database')).toMatchObject([/mine\.db$/, expect.any(String)]);
      const other = await load({ ...options, store: 'file' });
      expect(settingOf(other, 'database')).toMatchObject([/logs.claude-runs$/, 'default']);
    }
    const files = { 'runledger.config.yaml': blockOf('database: ./mine.db') };
    const environment = { RUNLEDGER_DATABASE_HOST: 'db', RUNLEDGER_DATABASE_DATABASE: 'runs' };
    const postgres = await load({ files, environment, store: 'postgres' });
    expect(postgres.database).toMatchObject({ type: 'postgres', host: 'db', database: 'runs' });
  });

  test('--store outranks RUNLEDGER_STORE, and that RUNLEDGER_DATABASE_…', async () => {
    const environment = { RUNLEDGER_STORE: 'sqlite:/s.db', RUNLEDGER_DATABASE_DATABASE: '/d.db' };
    const loaded = await load({ environment });
    expect(settingOf(loaded, 'database')).toEqual(['/s.db', 'RUNLEDGER_STORE']);
    const flagged = await load({ environment, store: 'sqlite:/f.db' });
    expect(settingOf(flagged, 'database')).toEqual(['/f.db', '--store']);
  });

  test('what belongs to another store is not looked at', async () => {
    const block = 'type: postgres\nurl: ${NOWHERE}\npoolSize: many';
    expect((await loadYaml(block, { store: 'sqlite:/o.db' })).database.type).toBe('sqlite');
    await refusalOf(loadYaml(block, { store: 'postgres' }));
  });
});

describe('an option that is not for the type', () => {
  test.each([
    ['with the type', 'type: sqlite\npoolSize: 5', {}],
    ['over the type', 'type: sqlite', { environment: { RUNLEDGER_DATABASE_POOL_SIZE: '5' } }],
    ['over the default type', 'poolSize: 5', {}],
    ['in an object', '', { object: { database: { type: 'sqlite', poolSize: 5 } as object } }],
  ])('is refused %s, with the types that it is for', async (_, block, options) => {
    const { code, message, hint } = await refusalOf(loadYaml(block, options));
    expect(code).toBe('INVALID');
    expect(message).toMatch(
      /(database\.poolSize|RUNLEDGER_DATABASE_POOL_SIZE) does not apply to sqlite: it is for postgres\.$/,
    );
    expect(hint).toContain('The type of the store is sqlite');
  });

  test('is passed over in what is weaker than the type', async () => {
    const environment = { RUNLEDGER_DATABASE_TYPE: 'memory' };
    const loaded = await loadYaml('database: ./x.db\nsynchronize: true', { environment });
    expect(loaded.database).toEqual({ type: 'memory' });
  });
});
