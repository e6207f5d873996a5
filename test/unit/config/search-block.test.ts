import { expect, test } from 'vitest';
import { readStoreTarget } from '../../../src/config/store-target.ts';
import { load, refusalOf } from './support/configuration-folder.ts';

const URL = 'postgres://db/runs';
const files = { 'runledger.config.yaml': 'search:\n  postgresEnglishIndex: true\n' };

test('the block holds for a store that is named elsewhere, and is shown with its block', async () => {
  const { database, settings } = await load({ files, store: URL });
  expect(readStoreTarget(database)).toMatchObject({ host: 'db', postgresEnglishIndex: true });
  expect(settings).toContainEqual({
    name: 'search.postgresEnglishIndex',
    value: true,
    source: 'runledger.config.yaml',
  });
});

test('a store of another kind is not concerned', async () => {
  const { database, settings } = await load({ files, store: 'sqlite:./runs.db' });
  expect(database).not.toHaveProperty('postgresEnglishIndex');
  expect(settings.map(({ name }) => name)).not.toContain('search.postgresEnglishIndex');
});

test('nothing is said of the index where nothing is configured', async () => {
  const { database } = await load({ store: URL });
  expect(readStoreTarget(database)).not.toHaveProperty('postgresEnglishIndex');
});

test('it has a variable', async () => {
  const environment = { RUNLEDGER_SEARCH_POSTGRES_ENGLISH_INDEX: 'false' };
  const { database } = await load({ files, environment, store: URL });
  expect(database).toMatchObject({ postgresEnglishIndex: false });
});

test('a variable that is no option of the block is refused', async () => {
  const environment = { RUNLEDGER_SEARCH_POSTGRES_INDEX: 'true' };
  const { message } = await refusalOf(load({ environment }));
  expect(message).toContain('RUNLEDGER_SEARCH_POSTGRES_INDEX is no option of search; ');
});

test('in another block it is told where it belongs', async () => {
  const wrong = { 'runledger.config.yaml': 'database:\n  postgresEnglishIndex: true\n' };
  const { message, hint } = await refusalOf(load({ files: wrong }));
  expect(message).toContain('"postgresEnglishIndex" is no option of database; ');
  expect(hint).toBe('Put postgresEnglishIndex into the block search.');
});

test('a value of the wrong kind is named with its block', async () => {
  const wrong = { 'runledger.config.yaml': 'search:\n  postgresEnglishIndex: "on"\n' };
  const { message } = await refusalOf(load({ files: wrong, store: URL }));
  expect(message).toContain('search.postgresEnglishIndex must be true or false, not a string.');
});
