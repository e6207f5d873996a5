import { describe, expect, test } from 'vitest';
import { cutToWidth, displayWidth } from '../../src/cli/output/display-width.ts';
import {
  formatAgo,
  formatBytes,
  formatCount,
  formatDuration,
  formatRate,
  formatUsd,
} from '../../src/cli/output/figures.ts';
import { oneLine, printable } from '../../src/cli/output/printable.ts';
import { type Column, formatTable } from '../../src/cli/output/table.ts';

describe('the width of text on a terminal', () => {
  test.each([
    ['plain', 5],
    ['データ基盤', 10],
    ['한국어', 6],
    ['café', 4],
    ['cafe\u0301', 4],
    ['👩‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['❤️', 2],
    ['ﾃﾞｰﾀ', 4],
    ['สวัสดี', 4],
    ['', 0],
  ])('%s takes %i columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });

  test.each([
    ['plain', 5, 'plain'],
    ['plain', 4, 'pla…'],
    ['データ基盤', 10, 'データ基盤'],
    ['データ基盤', 9, 'データ基…'],
    ['データ基盤', 8, 'データ…'],
    ['a👩‍👩‍👧b', 3, 'a…'],
    ['plain', 1, '…'],
    ['plain', 0, ''],
  ])('%s cut to %i columns', (text, columns, cut) => {
    expect(cutToWidth(text, columns)).toBe(cut);
    expect(displayWidth(cut)).toBeLessThanOrEqual(columns);
  });
});

describe('text from a run cannot drive the terminal', () => {
  test.each([
    ['a colour', '\x1b[31mred\x1b[0m', 'red'],
    ['the title of the window', '\x1b]0;owned\x07text', 'text'],
    ['a C1 control', 'a\x9b31mb', 'ab'],
    ['a bell and a backspace', 'a\x07\x08b', 'ab'],
    ['half an escape sequence', 'a\x1b', 'a'],
    ['a text turned around', 'a\u202ecba\u2066', 'acba'],
    ['half a surrogate pair', 'a\ud83d', 'a\ufffd'],
    ['U+0000', 'a\0b', 'ab'],
  ])('%s', (_name, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  test('lines and tabs stay where a text has lines, and go where it has one', () => {
    expect(printable('a\r\n\tb\u2028c\rd')).toBe('a\n\tb\nc\nd');
    expect(oneLine(' a\r\n\tb\u2028c ')).toBe('a b c');
  });
});

describe('figures', () => {
  test.each([
    [0, '0ms'],
    [999, '999ms'],
    [1_000, '1.0s'],
    [59_999, '59.9s'],
    [60_000, '1m00s'],
    [192_400, '3m12s'],
    [3_600_000, '1h00m'],
    [86_400_000 * 2 + 3_600_000 * 4, '2d4h'],
    [-1_500, '-1.5s'],
    [null, '-'],
    [undefined, '-'],
  ])('%s milliseconds', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  test.each([
    ['2026-10-05T12:00:00.000Z', 'just now'],
    ['2026-10-05T11:48:00.000Z', '12m ago'],
    ['2026-10-05T07:00:00.000Z', '5h ago'],
    ['2026-10-02T12:00:00.000Z', '3d ago'],
    ['2026-08-01T12:00:00.000Z', '2026-08-01'],
    ['2026-10-05T12:00:01.000Z', '2026-10-05'],
  ])('%s seen from noon of 5 October', (time, text) => {
    expect(formatAgo(time, Date.parse('2026-10-05T12:00:00.000Z'))).toBe(text);
  });

  test('counts, shares, money and bytes; what is unknown is not 0', () => {
    expect([formatCount(1_234_567), formatCount(null)]).toEqual(['1,234,567', '-']);
    expect([formatRate(0.7193), formatRate(null)]).toEqual(['71.9 %', '-']);
    expect([12.345, 0.0042, 0, null].map(formatUsd)).toEqual(['$12.35', '$0.0042', '$0.00', '-']);
    expect([512, 4_300, 1_400_000_000].map(formatBytes)).toEqual(['512 B', '4.2 KB', '1.3 GB']);
  });
});

describe('a table', () => {
  const columns: readonly Column[] = [
    { title: 'ID' },
    { title: 'TOOK', align: 'right', optional: true },
    { title: 'NAME', shrinkTo: 6 },
    { title: 'WHAT', detail: true },
  ];
  const rows = [
    ['a1', '5s', 'データ基盤', 'a long text that says what it was about'],
    ['b2', '1m00s', 'x', ''],
  ];

  test('has everything on one line where there is room', () => {
    expect(formatTable(columns, rows, 80)).toBe(
      [
        'ID   TOOK  NAME        WHAT',
        'a1     5s  データ基盤  a long text that says what it was about',
        'b2  1m00s  x',
        '',
      ].join('\n'),
    );
  });

  test('moves the detail below where there is little', () => {
    expect(formatTable(columns, rows, 30)).toBe(
      [
        'ID   TOOK  NAME',
        'a1     5s  データ基盤',
        '  a long text that says what …',
        'b2  1m00s  x',
        '',
      ].join('\n'),
    );
  });

  test('cuts what may be cut, then leaves out what may be left out', () => {
    expect(formatTable(columns, rows, 17)).toMatch(/^ID {3}TOOK {2}NAME\na1 {5}5s {2}デー…\n/);
    expect(formatTable(columns, rows, 12)).toMatch(/^ID {2}NAME\na1 {2}デー…\n/);
  });

  test.each([20, 30, 40, 60, 80])('fits %i columns', (width) => {
    for (const line of formatTable(columns, rows, width).split('\n')) {
      expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }
  });
});
