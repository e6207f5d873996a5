import { expect, test } from 'vitest';
import { variableOf } from '../../../src/config/layer-of-environment.ts';
import { isBlock, OPTION_NAMES, OPTIONS, optionsOf } from '../../../src/config/option-table.ts';
import type { StoreConfiguration } from '../../../src/config/store-configuration.ts';
import { STORE_TYPES, type StoreType } from '../../../src/config/store-type.ts';

/** Every option of each type: the compiler sees that none lacks and none is too many. */
const TYPED: {
  [Type in StoreType]: Record<keyof Extract<StoreConfiguration, { type: Type }>, true>;
} = {
  sqlite: { type: true, database: true, synchronize: true, logging: true },
  file: { type: true, database: true },
  memory: { type: true },
  postgres: {
    type: true,
    url: true,
    host: true,
    port: true,
    username: true,
    password: true,
    database: true,
    schema: true,
    ssl: true,
    synchronize: true,
    logging: true,
    poolSize: true,
    replicas: true,
    connectTimeoutMs: true,
    statementTimeoutMs: true,
    postgresEnglishIndex: true,
  },
};

test.each(STORE_TYPES)('the table and the type of a configuration agree: %s', (type) => {
  const ofStore = optionsOf(type).filter(({ name }) => !isBlock(name));
  expect(ofStore.map(({ name }) => name)).toEqual(Object.keys(TYPED[type]));
});

test('each default is one that its option takes', () => {
  for (const { name, defaults, read } of OPTIONS) {
    for (const value of Object.values(defaults).filter((own) => own !== null)) {
      expect([name, read(value, '/base').ok]).toEqual([name, true]);
    }
  }
});

test('each option has a variable of its own', () => {
  expect(variableOf('poolSize')).toBe('RUNLEDGER_DATABASE_POOL_SIZE');
  expect(new Set(OPTION_NAMES.map(variableOf)).size).toBe(OPTION_NAMES.length);
});
