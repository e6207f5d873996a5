import { expect, test } from 'vitest';
import { RunStatus, toSharedRunStatus } from '../../src/compat/index.ts';
import { asStorageTarget } from '../../src/compat/storage-target.ts';
import { storageAt } from './support/stores.ts';

const MEANINGS = {
  QUEUED: 'PENDING',
  RUNNING: 'RUNNING',
  SUCCESS: 'COMPLETED',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELLED',
  RETRYING: 'RUNNING',
  PENDING: 'PENDING',
  STARTED: 'STARTED',
  COMPLETED: 'COMPLETED',
  TIMEOUT: 'TIMEOUT',
} as const;

test('RunStatus has the members of the old enum, each with its name as value', () => {
  expect(Object.entries(RunStatus)).toEqual(Object.keys(MEANINGS).map((word) => [word, word]));
});

test.each(Object.values(RunStatus))('toSharedRunStatus knows %s', (status) => {
  expect(toSharedRunStatus(status)).toBe(MEANINGS[status]);
});

test('toSharedRunStatus takes a word that nobody knows as PENDING', () => {
  for (const word of ['DONE', 'constructor', '']) {
    expect(toSharedRunStatus(word as RunStatus)).toBe('PENDING');
  }
});

test.each([
  [{ code: 'ETIMEDOUT' }, true],
  [{ code: 'ECONNREFUSED' }, true],
  [{ code: 'ECONNRESET' }, true],
  [{ code: 'RATE_LIMIT_EXCEEDED' }, true],
  [{ code: 'TIMEOUT' }, true],
  [new Error('connect ECONNREFUSED 127.0.0.1:80'), true],
  [{ code: '', message: 'RATE_LIMIT' }, true],
  [{ code: 'PARSE_ERROR' }, false],
  [{ code: 'PARSE_ERROR', message: 'no JSON after a TIMEOUT' }, false],
  [new Error('no JSON'), false],
  [{ code: 1, message: 'exit code 1' }, false],
  [{ message: { text: 'TIMEOUT' } }, false],
  [{}, false],
  [null, false],
  [undefined, false],
])('isRecoverable(%o) is %s', (error, expected) => {
  expect(storageAt('memory:').isRecoverable(error)).toBe(expected);
});

test.each(['./logs/claude-runs', '/var/runs', 'runs', '~/runs', 'C:\\runs', './sqlite', ''])(
  'a plain path is a folder of run files: %j',
  (path) => {
    expect(asStorageTarget(path)).toEqual({ type: 'file', database: path });
  },
);

test.each([
  'file',
  'sqlite',
  'memory',
  'memory:',
  'file:./runs',
  'sqlite:./runs.db',
  'postgres://user:secret@host/runs',
  'mysql://host/runs',
  { type: 'sqlite', database: './runs.db' } as const,
])('what names a store is left as it is: %j', (target) => {
  expect(asStorageTarget(target)).toBe(target);
});
