import { describe, expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from '../../../src/domain/cursor.ts';

const PLACE = {
  startedAt: '2026-03-01T12:00:00.000Z',
  id: '5f0c1b52-1d5e-4b63-9f5c-0a1b2c3d4e5f',
};
const cursorOf = (text: string) => Buffer.from(text).toString('base64url');

describe('a cursor is taken as it was made and in no other way', () => {
  test('made here', () => {
    const text = `1 newest ${PLACE.startedAt} ${PLACE.id}`;
    expect(decodeCursor('newest', cursorOf(text))).toEqual(PLACE);
  });

  test.each([
    ['no time', `1 newest ${'x'.repeat(24)} ${PLACE.id}`],
    ['no day of a calendar', `1 newest 2026-02-30T12:00:00.000Z ${PLACE.id}`],
    ['a time in another form', `1 newest 2026-03-01T12:00:00.00000Z ${PLACE.id}`],
    ['no UUID', `1 newest ${PLACE.startedAt} ${'a'.repeat(36)}`],
    ['a UUID in another form', `1 newest ${PLACE.startedAt} ${PLACE.id.toUpperCase()}`],
    ['another version', `2 newest ${PLACE.startedAt} ${PLACE.id}`],
    ['another order', `1 oldest ${PLACE.startedAt} ${PLACE.id}`],
    ['more behind it', `1 newest ${PLACE.startedAt} ${PLACE.id} `],
    ['too little', `1 newest ${PLACE.startedAt}`],
  ])('%s', (_, text) => {
    expect(decodeCursor('newest', cursorOf(text))).toBeNull();
  });

  test.each(['=', ' ', '!', '\n'])('with %j behind it', (more) => {
    const cursor = encodeCursor('newest', PLACE);
    expect(decodeCursor('newest', cursor)).toEqual(PLACE);
    expect(decodeCursor('newest', cursor + more)).toBeNull();
  });
});
