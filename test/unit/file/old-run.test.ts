import { describe, expect, test } from 'vitest';
import { InvalidRun } from '../../../src/domain/invalid-run.ts';
import { readOldRun } from '../../../src/domain/old-run.ts';

const OLD = {
  id: '5F0C1B52-1D5E-4B63-9F5C-0A1B2C3D4E5F',
  repository: 'web-shop',
  status: 'SUCCESS',
  startedAt: '2026-09-01T08:13:34.569123+02:00',
  input: { prompt: 'Fix it', diff: '', recentCommits: [], model: 'm', temperature: 0.7 },
  retryCount: 0,
};

describe('old status words', () => {
  test.each([
    ['PENDING', 'QUEUED'],
    ['STARTED', 'RUNNING'],
    ['COMPLETED', 'SUCCESS'],
    ['TIMEOUT', 'FAILED'],
  ])('%s is read as %s, and kept', (word, status) => {
    const run = readOldRun({ ...OLD, status: word, metadata: { team: 'a' } });
    expect(run.status).toBe(status);
    expect(run.metadata).toEqual({ team: 'a', sourceStatus: word });
  });

  test('a source status that is there already is not replaced by another word', () => {
    const run = (sourceStatus: unknown) => () =>
      readOldRun({ ...OLD, status: 'COMPLETED', metadata: { sourceStatus } });
    expect(run('COMPLETED')().metadata).toEqual({ sourceStatus: 'COMPLETED' });
    for (const other of ['finished', '', null, 7]) {
      expect(run(other)).toThrow(InvalidRun);
      expect(run(other)).toThrow(/^metadata\.sourceStatus .*COMPLETED/);
    }
  });

  test('a word of today leaves no trace', () => {
    expect(readOldRun(OLD)).not.toHaveProperty('metadata');
  });

  test('a word that means something to an object is no status', () => {
    expect(() => readOldRun({ ...OLD, status: 'constructor' })).toThrow(/^status must be one of/);
  });
});

describe('a TIMEOUT', () => {
  test('without an error gets one that may be retried', () => {
    for (const error of [undefined, null]) {
      expect(readOldRun({ ...OLD, status: 'TIMEOUT', error }).error).toEqual({
        code: 'TIMEOUT',
        message: expect.stringMatching(/time limit/),
        recoverable: true,
      });
    }
  });

  test('with an error keeps it as it is', () => {
    const error = { code: 'SLOW', message: 'Too slow', recoverable: false };
    expect(readOldRun({ ...OLD, status: 'TIMEOUT', error }).error).toEqual(error);
  });

  test('alone gets one: COMPLETED does not', () => {
    expect(readOldRun({ ...OLD, status: 'COMPLETED' })).not.toHaveProperty('error');
  });
});

test('the rest is normalised: id, times; null stands for absent', () => {
  const run = readOldRun({ ...OLD, completedAt: null, output: null, parentRunId: null });
  expect(run.id).toBe('5f0c1b52-1d5e-4b63-9f5c-0a1b2c3d4e5f');
  expect(run.startedAt).toBe('2026-09-01T06:13:34.569Z');
  expect(Object.keys(run)).toEqual([
    'id',
    'repository',
    'status',
    'startedAt',
    'input',
    'retryCount',
  ]);
});

test('fields that nobody knows survive at every level', () => {
  const given = {
    ...OLD,
    status: 'TIMEOUT',
    hostname: { a: [1, null] },
    input: { ...OLD.input, systemPrompt: 'Be brief' },
    error: { code: 'X', message: 'Y', recoverable: true, attempt: 2 },
  };
  expect(readOldRun(given)).toMatchObject({
    hostname: { a: [1, null] },
    input: { systemPrompt: 'Be brief' },
    error: { attempt: 2 },
  });
  expect(given.status).toBe('TIMEOUT');
});

test('what is no run is refused by name', () => {
  expect(() => readOldRun([])).toThrow(InvalidRun);
  expect(() => readOldRun(null)).toThrow(InvalidRun);
  expect(() => readOldRun({ ...OLD, status: 'TIMEOUT', metadata: 'x' })).toThrow(
    /^metadata must be/,
  );
  expect(() => readOldRun({ ...OLD, duration: '12' })).toThrow(/^duration must be a whole number/);
});
