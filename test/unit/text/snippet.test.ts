import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snippet } from '../../../src/domain/text/snippet.ts';
import { parseTextQuery } from '../../../src/domain/text/text-query.ts';
import { tokenize } from '../../../src/domain/text/tokenize.ts';
import { anyText } from './any-text.ts';

function cut(text: string, query: string, length?: number) {
  return snippet(text, parseTextQuery(query), length === undefined ? {} : { length });
}

/** The highlighted words. */
function marked({ text, highlights }: ReturnType<typeof snippet>): string[] {
  return highlights.map(([start, end]) => text.slice(start, end));
}

describe('snippet', () => {
  it('gives a short text whole', () => {
    expect(cut('Retries fail.\nRetry!', 'retry')).toEqual({
      text: 'Retries fail.\nRetry!',
      highlights: [
        [0, 7],
        [14, 19],
      ],
      truncatedStart: false,
      truncatedEnd: false,
    });
  });

  it('gives the beginning of a text without a hit', () => {
    const found = cut('one two three four five', 'absent', 10);
    expect(found).toEqual({
      text: 'one two',
      highlights: [],
      truncatedStart: false,
      truncatedEnd: true,
    });
  });

  it('puts the hit in the middle and ends at spaces', () => {
    const found = cut(`${'before '.repeat(50)}needle${' after'.repeat(50)}`, 'needle', 40);
    expect(found.text).toBe('before before needle after after');
    expect(found.truncatedStart && found.truncatedEnd).toBe(true);
  });

  it('fills up from the text before a hit at the end', () => {
    const found = cut(`${'word '.repeat(50)}needle`, 'needle', 40);
    expect(found.text).toBe('word word word word word word needle');
    expect(found.truncatedEnd).toBe(false);
  });

  it('prefers the passage with most terms, then with most hits, then the first', () => {
    const gap = ' filler'.repeat(30);
    const terms = cut(`red red red${gap} red green${gap} green`, 'red green', 30);
    expect(marked(terms)).toEqual(['red', 'green']);
    const hits = cut(`red${gap} red red${gap} red`, 'red', 30);
    expect(marked(hits)).toEqual(['red', 'red']);
    const apart = cut(`red${gap} green green${gap} red green`, 'red green', 30);
    expect(marked(apart)).toEqual(['red', 'green']);
    const equal = cut(`red one${gap} red two`, 'red', 30);
    expect(equal.text).toContain('red one');
  });

  it('looks through the whole text while a term is missing', () => {
    const text = `red ${'filler '.repeat(20_000)} red green`;
    expect(marked(cut(text, 'red green', 30))).toEqual(['red', 'green']);
  });

  it('clips a hit that is longer than the piece', () => {
    const found = cut(`see ${'a.'.repeat(60)}`, 'a.a', 20);
    expect(found.text).toHaveLength(20);
    expect(found.highlights).toEqual([[0, 20]]);
  });

  it('does not halve characters', () => {
    const text = `${'😀'.repeat(40)}word${'😀'.repeat(40)}`;
    for (let length = 4; length < 40; length += 1) {
      const found = cut(text, 'word', length);
      expect(found.text.isWellFormed()).toBe(true);
      expect(marked(found)).toEqual(['word']);
    }
  });

  it('is a piece of the text with its hits marked, for any text', () => {
    const lengths = fc.integer({ min: 2, max: 60 });
    const property = fc.property(anyText, anyText, lengths, (text, other, length) => {
      const [asked] = tokenize(text).concat(tokenize(other));
      fc.pre(asked !== undefined);
      const terms = [asked ?? ''];
      const found = snippet(text, { text: '', terms }, { length });
      expect(text).toContain(found.text);
      expect(found.text.length).toBeLessThanOrEqual(length);
      expect(found.truncatedStart || text.startsWith(found.text)).toBe(true);
      expect(found.truncatedEnd || text.endsWith(found.text)).toBe(true);
      expect(found.highlights.length > 0).toBe(tokenize(text).includes(asked ?? ''));
      let last = 0;
      for (const [start, end] of found.highlights) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        last = end;
      }
      expect(last).toBeLessThanOrEqual(found.text.length);
      if (text.isWellFormed()) expect(found.text.isWellFormed()).toBe(true);
    });
    fc.assert(property, { numRuns: 500 });
  });
});
