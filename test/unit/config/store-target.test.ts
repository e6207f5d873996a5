import { homedir } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { StoreConfiguration } from '../../../src/config/store-configuration.ts';
import { readStoreTarget } from '../../../src/config/store-target.ts';
import type { RunledgerError } from '../../../src/repository/errors.ts';

/** Configurations come from files: they may hold anything. */
const read = (target: unknown) => readStoreTarget(target as StoreConfiguration, '/base');

function refusal(target: unknown): RunledgerError {
  try {
    read(target);
  } catch (error) {
    return error as RunledgerError;
  }
  return expect.fail(`${JSON.stringify(target)} was taken`);
}

function expectRefusal(target: unknown, text: RegExp): void {
  const error = refusal(target);
  expect(error).toMatchObject({ name: 'RunledgerError', code: 'INVALID' });
  const told = `${error.message} ${error.hint ?? ''}`;
  expect(told).toMatch(text);
  expect(told).not.toMatch(/secret|undefined/);
}

const SQLITE = { kind: 'sqlite', synchronize: true, logging: 'nothing' };

describe('a place is where it says', () => {
  test.each([
    ['sqlite', '/base/data/claude-runs.db'],
    ['sqlite:x.db', '/base/x.db'],
    ['sqlite:./data/../x.db', '/base/x.db'],
    ['sqlite:/var/x.db', '/var/x.db'],
    ['sqlite:///var/a%20b.db', '/var/a b.db'],
    ['sqlite:100%.db', '/base/100%.db'],
    ['sqlite:what?.db', '/base/what?.db'],
    ['sqlite:~/x.db', `${homedir()}/x.db`],
    [{ type: 'sqlite' }, '/base/data/claude-runs.db'],
    [{ type: 'sqlite', database: 'x.db?mode=ro' }, '/base/x.db?mode=ro'],
    [{ type: 'sqlite', database: '///var/a%20b.db' }, '/var/a%20b.db'],
  ])('%j', (target, path) => {
    expect(read(target)).toEqual({ ...SQLITE, path });
  });

  test('of a folder, of memory', () => {
    expect(read('file:///var/runs')).toEqual({ kind: 'file', path: '/var/runs' });
    expect(read({ type: 'file', database: 'runs' })).toEqual({ kind: 'file', path: '/base/runs' });
    for (const target of ['memory', 'memory:', { type: 'memory' }]) {
      expect(read(target)).toEqual({ kind: 'memory' });
    }
  });
});

describe('what would lead to another place is refused with the right form', () => {
  test.each([
    ['sqlite://./data/x.db', /sqlite:\.\/data\/x\.db/],
    ['sqlite://data/x.db', /sqlite:data\/x\.db.*sqlite:\/\/\/data\/x\.db/],
    ['file://localhost/var/x', /file:\/\/\/var\/x/],
    ['sqlite://', /"sqlite:\/\/"/],
    ['sqlite::memory:', /memory:/],
    [{ type: 'sqlite', database: ':memory:' }, /memory:/],
    ['sqlite:x.db?mode=ro', /\?mode=/],
    ['sqlite:///x.db?mode=ro', /parameters/],
    ['sqlite:///var/x#1.db', /%23/],
    ['file:///a%2Fb', /percent/],
    ['sqlite:///a%', /percent/],
    ['sqlite:', /names no place/],
    [{ type: 'sqlite', database: '' }, /database/],
    ['sqlite:a\0b', /NUL/],
  ])('%j', (target, text) => expectRefusal(target, text));
});

describe('each setting is checked', () => {
  test.each([
    [null, /not null/],
    [undefined, /not missing/],
    [7, /not a number/],
    [['sqlite'], /not an array/],
    [{}, /type/],
    [{ type: 5 }, /type/],
    [{ type: 'oracle' }, /"oracle" is no kind of store/],
    [{ type: 'mysql://u:secret@h/db' }, /"mysql" is no kind of store/],
    ['mysql://u:secret@h/db', /"mysql" is no kind of store/],
    [{ type: ' secret' }, /type/],
    [{ type: 'sqlite', url: 'x' }, /^url does not apply to sqlite: it is for postgres/],
    [{ type: 'sqlite', path: 'x' }, /^"path" is no option of a store/],
    [{ type: 'sqllite' }, /did you mean sqlite\?/],
    [{ type: 'sqlite', database: 5 }, /^database must be a string, not a number/],
    [{ type: 'sqlite', database: null }, /^database must be a string, not null/],
    [{ type: 'sqlite', synchronize: 'false' }, /^synchronize must be true or false, not a string/],
    [{ type: 'memory', synchronize: true }, /^synchronize does not apply to memory/],
    [{ type: 'file', logging: true }, /^logging does not apply to file/],
    [{ type: 'postgresql' }, /did you mean postgres\?/],
    [{ type: 'postgres://u:secret@h/db' }, /^type must be postgres alone/],
    ['sqllite:x.db', /"sqllite" is no kind of store; did you mean sqlite\?/],
    [{ type: 'sqlite', logging: 'all' }, /^logging must be/],
    [{ type: 'sqlite', logging: ['query'] }, /^logging must be/],
  ])('%j', (target, text) => expectRefusal(target, text));

  test.each([
    [undefined, 'nothing'],
    [false, 'nothing'],
    [[], 'nothing'],
    [['error'], 'failures'],
    [true, 'everything'],
  ])('logging: %j', (logging, shown) => {
    expect(read({ type: 'sqlite', logging })).toMatchObject({ logging: shown });
  });
});
