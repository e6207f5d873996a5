import { describe, expect, test } from 'vitest';
import { nearestName } from '../../../src/config/nearest-name.ts';
import { load, loadYaml, refusalOf } from './support/configuration-folder.ts';

const NAMES = ['sqlite', 'file', 'memory', 'postgres', 'poolSize', 'username', 'password', 'port'];

describe('the nearest name', () => {
  test.each([
    ['sqllite', 'sqlite'],
    ['sqlite3', 'sqlite'],
    ['SQLITE', 'sqlite'],
    ['poolsize', 'poolSize'],
    ['pool_size', 'poolSize'],
    ['psoswrod', undefined],
    ['pasword', 'password'],
    ['passwrod', 'password'],
    ['prot', 'port'],
    ['fiel', 'file'],
    ['postgresql', 'postgres'],
    ['user', 'username'],
    ['pool', 'poolSize'],
    ['po', undefined],
    ['oracle', undefined],
    ['', undefined],
    ['x'.repeat(1e6), undefined],
  ])('of %.20j is %j', (word, expected) => {
    expect(nearestName(word, NAMES)).toBe(expected);
  });
});

describe('an unknown name is refused with the nearest right one', () => {
  test.each([
    ['poolsize: 5', '"poolsize" is no option of database; did you mean poolSize?'],
    ['user: me', '"user" is no option of database; did you mean username?'],
    ['syncronize: true', '"syncronize" is no option of database; did you mean synchronize?'],
    [
      'entities: []',
      '"entities" is no option of database; there are type, database, url, host, port, username, password, schema, ssl, synchronize, logging, poolSize, replicas, connectTimeoutMs, statementTimeoutMs.',
    ],
    ['"": 1', 'A name is no option of database; there are '],
    ['__proto__: 1', '"__proto__" is no option of database; there are '],
    [
      'type: sqllite',
      'database.type is wrong: "sqllite" is no kind of store; did you mean sqlite?',
    ],
    [
      'type: oracle',
      'database.type is wrong: "oracle" is no kind of store; there are sqlite, file, memory, postgres.',
    ],
    [
      'type: postgres\nssl: { rejectUnauthorised: false }',
      'database.ssl is wrong: "rejectUnauthorised" is no option of ssl; did you mean rejectUnauthorized?',
    ],
  ])('%j', async (block, expected) => {
    const { code, message } = await refusalOf(loadYaml(block));
    expect(code).toBe('INVALID');
    expect(message).toContain(`/runledger.config.yaml: ${expected}`);
  });

  test('in an object', async () => {
    const object = { database: { poolsize: 5 } as object };
    const { message, issues } = await refusalOf(load({ object }));
    expect(message).toBe('"poolsize" is no option of database; did you mean poolSize?');
    expect(issues).toMatchObject([{ path: 'database.poolsize' }]);
  });

  test('of a block', async () => {
    const { message } = await refusalOf(
      load({ files: { 'runledger.config.yaml': 'databse: {}' } }),
    );
    expect(message).toContain('"databse" is no block of a configuration; did you mean database?');
  });

  test('an option outside of its block is told where it belongs', async () => {
    const { hint } = await refusalOf(load({ files: { 'runledger.config.yaml': 'type: sqlite' } }));
    expect(hint).toBe('Put type into the block database.');
  });

  test.each([
    ['RUNLEDGER_DATABASE_POOLSIZE', '; did you mean RUNLEDGER_DATABASE_POOL_SIZE?'],
    ['RUNLEDGER_DATABASE_USER', '; did you mean RUNLEDGER_DATABASE_USERNAME?'],
    ['RUNLEDGER_DATABASE_', '; there are RUNLEDGER_DATABASE_TYPE, '],
    ['RUNLEDGER_DATABASE_FILENAME', '; there are RUNLEDGER_DATABASE_TYPE, '],
  ])('of a variable: %s', async (name, expected) => {
    const { code, message } = await refusalOf(load({ environment: { [name]: 'x' } }));
    expect(code).toBe('INVALID');
    expect(message).toContain(`${name} is no option of database${expected}`);
  });

  test('variables that are no configuration are left alone, and so is one set to nothing', async () => {
    const environment = {
      RUNLEDGER_DEBUG: '1',
      RUNLEDGER_CORPUS: '/x',
      RUNLEDGER_SEED: '1',
      RUNLEDGER_TEST_POSTGRES_URL: 'postgres://x',
      RUNLEDGER_DATABASE_POOLSIZE: '',
    };
    expect((await load({ environment })).database.type).toBe('sqlite');
  });
});

describe('a value of the wrong kind', () => {
  test.each([
    ['port: 0', 'database.port must be at least 1.'],
    ['port: 65536', 'database.port must be at most 65535.'],
    ['port: 5432.5', 'database.port must be a whole number below 2^53.'],
    ['port:', 'database.port must be a whole number, not null.'],
    ['poolSize: 0', 'database.poolSize must be at least 1.'],
    ['synchronize: yes', 'database.synchronize must be true or false, not a string.'],
    ['logging: all', "database.logging must be true, false or ['error']."],
    ['logging: [query]', "database.logging must be true, false or ['error']."],
    ['schema: ""', 'database.schema must have 1 to 63 characters.'],
    ['ssl: on', 'database.ssl must be true, false or { rejectUnauthorized: … }, not a string.'],
    ['ssl: { rejectUnauthorized: 0 }', 'database.ssl has a rejectUnauthorized that must be'],
    ['type: 5', 'database.type must be one of sqlite, file, memory, postgres, not a number.'],
    ['password: 12345', 'database.password must be a string, not a number.'],
  ])('%j', async (line, expected) => {
    const block = line.startsWith('type') ? line : `type: postgres\n${line}`;
    expect((await refusalOf(loadYaml(block))).message).toContain(expected);
  });

  test('a text without quotes that YAML takes for a number gets a hint', async () => {
    const { hint } = await refusalOf(loadYaml('type: postgres\nusername: 12345'));
    expect(hint).toBe('Put the value in quotes.');
  });

  test.each([
    ['RUNLEDGER_DATABASE_PORT', '54x', 'RUNLEDGER_DATABASE_PORT must be a whole number.'],
    [
      'RUNLEDGER_DATABASE_SYNCHRONIZE',
      'yes',
      'RUNLEDGER_DATABASE_SYNCHRONIZE must be true or false.',
    ],
    ['RUNLEDGER_DATABASE_LOGGING', '["all"]', 'RUNLEDGER_DATABASE_LOGGING must be true'],
    ['RUNLEDGER_DATABASE_TYPE', 'sqllite', 'did you mean sqlite?'],
  ])('of a variable: %s=%s', async (name, value, expected) => {
    const environment = { RUNLEDGER_DATABASE_TYPE: 'postgres', [name]: value };
    const { message } = await refusalOf(load({ environment }));
    expect(message).toContain(expected);
  });
});
