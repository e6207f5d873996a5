import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { fromMilliseconds, normalizeTime } from '../../src/domain/time.ts';

/** Counted by hand: 719,162 days lie between the first day of the year 1 and that of 1970. */
const FIRST = -719_162 * 864e5;
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const moment = fc.integer({ min: FIRST, max: LAST });
/** Far enough from both ends that no offset leaves the years 0001 to 9999. */
const innerMoment = fc.integer({ min: FIRST + 864e5 * 2, max: LAST - 864e5 * 2 });

describe('times', () => {
  test('in their canonical form are left as they are, as Dates are read', () => {
    fc.assert(
      fc.property(moment, (milliseconds) => {
        const value = new Date(milliseconds).toISOString();
        assert.deepEqual(normalizeTime(value), { ok: true, value });
        assert.deepEqual(normalizeTime(new Date(milliseconds)), { ok: true, value });
        assert.deepEqual(fromMilliseconds(milliseconds), { ok: true, value });
      }),
    );
  });

  test('sort as texts as they do in time', () => {
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        const [one, other] = [new Date(a).toISOString(), new Date(b).toISOString()];
        assert.equal(one < other, a < b);
      }),
    );
  });

  test('with an offset mean the moment that they name', () => {
    const offset = fc.record({
      sign: fc.constantFrom(1, -1),
      hours: fc.integer({ min: 0, max: 14 }),
      minutes: fc.integer({ min: 0, max: 59 }),
      form: fc.constantFrom('+hh:mm', '+hhmm'),
    });
    fc.assert(
      fc.property(innerMoment, offset, (milliseconds, { sign, hours, minutes, form }) => {
        const away = sign * (hours * 60 + minutes) * 60_000;
        const local = new Date(milliseconds + away).toISOString().slice(0, -1);
        const zone = `${sign > 0 ? '+' : '-'}${two(hours)}${form === '+hh:mm' ? ':' : ''}${two(minutes)}`;
        const value = new Date(milliseconds).toISOString();
        assert.deepEqual(normalizeTime(local + zone), { ok: true, value });
      }),
    );
  });

  test('are cut at the millisecond, and filled up to it', () => {
    const digits = fc.string({
      unit: fc.constantFrom(...'0123456789'),
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(
        innerMoment,
        digits,
        fc.constantFrom('.', ','),
        (milliseconds, fraction, point) => {
          const second = new Date(milliseconds).toISOString().slice(0, 19);
          const value = `${second}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
          assert.deepEqual(normalizeTime(`${second}${point}${fraction}Z`), { ok: true, value });
        },
      ),
    );
  });

  test('are refused where no calendar and no clock has them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9999 }),
        fc.integer({ min: 0, max: 14 }),
        fc.integer({ min: 0, max: 33 }),
        fc.integer({ min: 0, max: 26 }),
        fc.integer({ min: 0, max: 63 }),
        (year, month, day, hour, minute) => {
          const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
          const { ok } = normalizeTime(`${date}T${two(hour)}:${two(minute)}:00Z`);
          const isMonth = month >= 1 && month <= 12;
          const isDay = isMonth && day >= 1 && day <= daysOf(year, month);
          assert.equal(ok, isDay && hour <= 23 && minute <= 59);
        },
      ),
    );
  });

  test('are refused without a zone, and so is everything else', () => {
    fc.assert(
      fc.property(moment, (milliseconds) => {
        assert.equal(normalizeTime(new Date(milliseconds).toISOString().slice(0, -1)).ok, false);
        assert.equal(normalizeTime(milliseconds).ok, false);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => assert.equal(normalizeTime(text).ok, false)));
    for (const value of [FIRST - 1, LAST + 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.equal(fromMilliseconds(value).ok, false);
      assert.equal(normalizeTime(new Date(value)).ok, value === 0.5);
    }
  });
});

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
