import { describe, expect, test } from 'vitest';
import { formatLabels, TOGETHER } from '../../src/cli/output/labels.ts';
import { masked } from '../../src/cli/output/masked.ts';
import { formatRun } from '../../src/cli/output/run-text.ts';
import type { StoredRun } from '../../src/domain/run.ts';

const run: StoredRun = {
  id: '0199c2f4-9a3c-7c1e-8f51-3f7b4d2a6e10',
  repository: 'shop',
  status: 'SUCCESS',
  startedAt: '2026-01-05T08:00:00.000Z',
  input: { prompt: 'Go', model: null, temperature: null, recentCommits: [], diff: '' },
  output: { message: '', confidence: null, rawResponse: '', tokensUsed: null },
  retryCount: 2,
  parentRunId: '0199c2f4-9a3c-7c1e-8f51-3f7b4d2a6e11',
  version: 1,
  createdAt: '2026-01-05T08:00:00.000Z',
  updatedAt: '2026-01-05T08:00:00.000Z',
};
const shown = (now: string) =>
  formatRun(run, { now: Date.parse(now), width: 80, isFull: false }).split('\n');

describe('a run as a page', () => {
  test('says how long ago it was until that is the date itself', () => {
    const started = (now: string) => shown(now).find((line) => line.startsWith('Started'));
    expect(started('2026-01-05T09:00:00.000Z')).toMatch(/ 2026-01-05 08:00:00 UTC, 1h ago$/);
    expect(started('2026-03-05T09:00:00.000Z')).toMatch(/ 2026-01-05 08:00:00 UTC$/);
  });

  test('counts attempts, and has no heading over nothing', () => {
    const lines = shown('2026-01-05T09:00:00.000Z');
    expect(lines.find((line) => line.startsWith('Retry of'))).toContain('(attempt 3)');
    expect(lines).toContain('Prompt');
    expect(lines).not.toContain('Message');
  });
});

describe('texts beside labels', () => {
  test('go on below their column where they are too wide', () => {
    const lines = formatLabels(
      [
        ['By status', `1${TOGETHER}QUEUED, 20${TOGETHER}SUCCESS, 3${TOGETHER}FAILED`],
        ['None', null],
        ['Tags', 'a'],
      ],
      26,
    );
    expect(lines).toBe(
      'By status  1 QUEUED,\n           20 SUCCESS,\n           3 FAILED\nTags       a\n',
    );
  });

  test('colours take no room', () => {
    expect(formatLabels([['A', '\x1b[31mred\x1b[39m and blue']], 15)).toBe(
      'A  \x1b[31mred\x1b[39m and blue\n',
    );
  });
});

describe('a password in an address', () => {
  test.each([
    ['postgres://me:pw@db/runs', 'postgres://me:***@db/runs'],
    ['at /a/postgres:/me:p@w@db/runs.', 'at /a/postgres:/me:***@db/runs.'],
    ['postgres://db/runs?user=me&password=pw&x=1', 'postgres://db/runs?user=me&password=***&x=1'],
    ['postgres://me@db:5432/runs', 'postgres://me@db:5432/runs'],
    ['https://example.com/a:b', 'https://example.com/a:b'],
  ])('%j', (text, expected) => {
    expect(masked(text)).toBe(expected);
  });
});
