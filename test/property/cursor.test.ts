import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { comparePlaces, decodeCursor, encodeCursor } from '../../src/domain/cursor.ts';
import { RunledgerError } from '../../src/repository/errors.ts';
import { decodePosition, encodePosition } from '../../src/repository/position.ts';
import { anyRun, anyText } from './support/arbitrary-run.ts';

const order = fc.constantFrom('newest' as const, 'oldest' as const);

describe('cursors', () => {
  test('come back as the place that they were made from, in their order only', () => {
    fc.assert(
      fc.property(anyRun, order, ({ id, startedAt }, way) => {
        const cursor = encodeCursor(way, { id, startedAt });
        assert.deepEqual(decodeCursor(way, cursor), { id, startedAt });
        assert.equal(decodeCursor(way === 'newest' ? 'oldest' : 'newest', cursor), null);
        assert.match(cursor, /^[\w-]+$/);
      }),
    );
  });

  test('are null for any other text', () => {
    fc.assert(
      fc.property(anyText, order, (text, way) => assert.equal(decodeCursor(way, text), null)),
    );
  });

  test('stand for places in one total order', () => {
    fc.assert(
      fc.property(anyRun, anyRun, anyRun, (a, b, c) => {
        assert.equal(comparePlaces(a, b), -comparePlaces(b, a) + 0);
        assert.equal(comparePlaces(a, b) === 0, a.id === b.id && a.startedAt === b.startedAt);
        if (comparePlaces(a, b) <= 0 && comparePlaces(b, c) <= 0) {
          assert.ok(comparePlaces(a, c) <= 0);
        }
      }),
    );
  });
});

describe('positions', () => {
  test('come back as they were made', () => {
    const parts = { storeId: fc.uuid(), epoch: fc.uuid(), cursor: fc.string({ minLength: 1 }) };
    const position = fc.record(parts, { noNullPrototype: true });
    fc.assert(
      fc.property(position, (place) => {
        assert.deepEqual(decodePosition(encodePosition(place)), place);
      }),
    );
  });

  test('are refused where a part is lacking', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => text.split('.').length < 3),
        (text) => assert.throws(() => decodePosition(text), RunledgerError),
      ),
    );
  });
});
