import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { substituteVariables } from '../../../src/config/substitute-variables.ts';
import { load, loadYaml, refusalOf, settingOf } from './support/configuration-folder.ts';

function substitute(value: unknown, environment: Record<string, string>, isText = true) {
  const refuse = (problem: string) => new TypeError(problem);
  return substituteVariables(value, { environment, isText, refuse });
}

describe('${NAME}', () => {
  test.each([
    ['${A}', 'a'],
    ['x-${A}.${B}', 'x-a.b'],
    ['$${A}', '${A}'],
    ['$${A} ${A}', '${A} a'],
    ['${A}$$', 'a$$'],
    ['$A $ {A} $$ %A% {A}', '$A $ {A} $$ %A% {A}'],
    ['${OF_B}', '${B}'],
    ['', ''],
  ])('%j', (text, expected) => {
    expect(substitute(text, { A: 'a', B: 'b', OF_B: '${B}' }).value).toBe(expected);
  });

  test.each(['${', '${}', '${A', '${A B}', '${1A}', '${A:-b}', '${ A }', '${a-b}'])(
    '%j is no reference, and is not taken for text',
    (text) => {
      expect(() => substitute(text, { A: 'a' })).toThrow(/\$\$\{/);
    },
  );

  test.each(['${GONE}', 'x${A}${GONE}', '${EMPTY}'])('%j lacks a variable', (text) => {
    expect(() => substitute(text, { A: 'a', EMPTY: '' })).toThrow(
      /environment variable (GONE|EMPTY), which is not set/,
    );
  });

  test('names the variables, in lists and objects too', () => {
    expect(substitute({ a: ['${B}', { c: '${A}${B}' }], d: 1 }, { A: 'a', B: 'b' })).toEqual({
      value: { a: ['b', { c: 'ab' }], d: 1 },
      variables: ['B', 'A'],
    });
  });

  test('any text can be written, and what variables say is not looked at again', () => {
    fc.assert(
      fc.property(fc.string({ unit: unit() }), fc.string({ unit: unit() }), (text, said) => {
        const escaped = text.replaceAll('${', () => '$${');
        expect(substitute(escaped, {}).value).toBe(text);
        fc.pre(said !== '' && !text.endsWith('$'));
        const { value } = substitute(`${escaped}\${V}`, { V: said });
        expect(value).toBe(text + said);
      }),
    );
  });
});

/** Characters that references are made of, so that some come about. */
function unit() {
  return fc.constantFrom('$', '{', '}', 'A', ' ', '\n');
}

describe('a variable of the environment', () => {
  test.each([
    ['RUNLEDGER_DATABSE_TYPE', 'RUNLEDGER_DATABASE_TYPE'],
    ['RUNLEDGER_STORES', 'RUNLEDGER_STORE'],
    ['RUNLEDGER_CONFG', 'RUNLEDGER_CONFIG'],
    ['RUNLEDGER_DATABASE', 'RUNLEDGER_DATABASE_'],
  ])('%s is near to one of ours, and not passed over', async (name, nearest) => {
    const { code, message } = await refusalOf(load({ environment: { [name]: 'hunter2' } }));
    expect(code).toBe('INVALID');
    expect(message).toContain(`${name} is no variable of Runledger; did you mean ${nearest}`);
    expect(message).not.toContain('hunter2');
  });

  test('of another program of that name is no concern', async () => {
    const environment = {
      RUNLEDGER_TEST_POSTGRES_URL: 'x',
      RUNLEDGER_DEBUG: '1',
      RUNLEDGER_CI: 'y',
    };
    expect((await load({ environment })).database.type).toBe('sqlite');
  });

  test('that is not set is not what a url was to be read from', async () => {
    const { hint } = await refusalOf(load({ store: 'postgres' }));
    expect(hint).toBe('Give a url, postgres://user@host:port/database, or host and database.');
    const object = { database: { type: 'postgres', url: undefined } } as const;
    expect((await refusalOf(load({ object }))).hint).toContain('is the environment variable set');
  });
});

describe('in a file', () => {
  test('texts stay texts, and numbers and booleans come as text', async () => {
    const block = [
      'type: postgres',
      'host: db-${STAGE}',
      'port: ${PORT}',
      'username: ${USER}',
      'database: runs',
      'ssl: { rejectUnauthorized: "${VERIFY}" }',
      'synchronize: ${SYNC}',
      'logging: ["${LOG}"]',
    ].join('\n');
    const environment = {
      STAGE: '7',
      PORT: '5433',
      USER: '12345',
      VERIFY: 'false',
      SYNC: 'true',
      LOG: 'error',
    };
    const loaded = await loadYaml(block, { environment });
    expect(loaded.database).toMatchObject({
      host: 'db-7',
      port: 5433,
      username: '12345',
      ssl: { rejectUnauthorized: false },
      synchronize: true,
      logging: ['error'],
    });
    expect(settingOf(loaded, 'port')).toEqual([5433, 'runledger.config.yaml (${PORT})']);
  });

  test('a text that came from no variable is not taken for a number', async () => {
    const { message } = await refusalOf(loadYaml('type: postgres\ndatabase: runs\nport: "5432"'));
    expect(message).toMatch(/database\.port must be a whole number, not a string\.$/);
  });

  test('the type may come from a variable', async () => {
    const environment = { KIND: 'memory' };
    expect((await loadYaml('type: ${KIND}', { environment })).database.type).toBe('memory');
  });

  test('a missing variable is named with the option and the file', async () => {
    const { code, message } = await refusalOf(loadYaml('database: ${NOWHERE}/x.db'));
    expect(code).toBe('INVALID');
    expect(message).toMatch(
      /\/runledger\.config\.yaml: database\.database needs the environment variable NOWHERE, which is not set\.$/,
    );
  });

  test('an object of a program is taken as it is', async () => {
    const object = { database: { type: 'sqlite', database: '/${HOME}/x.db' } } as const;
    const loaded = await loadYaml('', { object });
    expect(settingOf(loaded, 'database')).toEqual(['/${HOME}/x.db', 'object']);
  });
});
