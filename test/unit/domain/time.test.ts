import { expect, test } from 'vitest';
import { normalizeTime } from '../../../src/domain/time.ts';

test.each([
  ['2026-03-01T12:00:00+23:59', '2026-02-28T12:01:00.000Z'],
  ['2026-03-01T12:00:00-2359', '2026-03-02T11:59:00.000Z'],
  ['2026-03-01T12:00:00+09', '2026-03-01T03:00:00.000Z'],
])('%s has a zone', (value, utc) => {
  expect(normalizeTime(value)).toEqual({ ok: true, value: utc });
});

test.each(['+99:99', '-25:00', '+24:00', '+2400', '-30', '+01:60', '-0199'])(
  '%s is no zone',
  (zone) => {
    const problem = expect.stringMatching(/ISO 8601 with a zone/);
    expect(normalizeTime(`2026-03-01T12:00:00${zone}`)).toEqual({ ok: false, problem });
  },
);
