import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidRun } from '../../../src/domain/invalid-run.ts';
import { matchesText, matchesTokens, parseTextQuery } from '../../../src/domain/text/text-query.ts';
import { tokenize, words } from '../../../src/domain/text/tokenize.ts';
import { anyText } from './any-text.ts';

function matches(query: string, ...texts: string[]): boolean {
  return matchesText(parseTextQuery(query), texts);
}

describe('a text query', () => {
  it('requires each word once', () => {
    expect(parseTextQuery('Retries of runs, retry')).toEqual({
      text: 'Retries of runs, retry',
      terms: ['retri', 'of', 'run'],
    });
  });

  it('requires a code word as it stands, not its parts', () => {
    expect(parseTextQuery('getRunsByRepository').terms).toEqual(['getrunsbyrepositori']);
    expect(parseTextQuery('user@host').terms).toEqual(['user@host']);
  });

  it.each([
    ['getrunsbyrepository', 'await repo.getRunsByRepository(name)'],
    ['getRunsByRepository', 'GETRUNSBYREPOSITORY'],
    ['repository', 'getRunsByRepository'],
    ['repo.getRunsByRepository()', 'await this.repo.getRunsByRepository(name)'],
    ['run-storage.ts', 'diff --git a/src/run-storage.ts b/src/run-storage.ts'],
    ['src/run-storage.ts', '/home/me/project/src/run-storage.ts:42:7'],
    ['src/run-storage.ts', 'C:\\work\\src/run-storage.ts'],
    ['storage', 'src/run-storage.ts'],
    ['`econnreset`', 'Error: read ECONNRESET'],
    ['#301', 'closes #301.'],
    ['v1.4.3', '"runledger@v1.4.3"'],
    ['0x1F', 'at 0x1f'],
    ['foo::bar', 'std::foo::bar()'],
    ['user@host', '<mailto:user@host>'],
    ['failing', '\x1b[31mfailed\x1b[0m'],
    ["the parser's bugs", 'a bug in the parser'],
    ['cafe', 'Café'],
    ['大学', '東京大学の学生'],
    ['ครับ', 'สวัสดีครับ'],
    // By itself this word is cut in two.
    ['ﾘァ', '乞ﾘァカﾟ'],
    ['missing token', 'a token', 'is missing'],
  ])('%s finds %s', (query, ...texts) => {
    expect(matches(query, ...texts)).toBe(true);
  });

  it.each([
    ['missing token', 'a token'],
    ['getRunsByRepository', 'get the runs by repository'],
    ['src/run-storage.ts', 'lib/run-storage.ts in src'],
    ['v1.4.3', 'v1.4.2'],
    ['foo::bar', 'foo.bar'],
    ['user@host', 'the user of the host'],
    ['大学', '大きな学校'],
    ['run', ''],
  ])('%s does not find %s', (query, text) => {
    expect(matches(query, text)).toBe(false);
  });

  it.each([
    ['', 'is empty'],
    [' \n', 'is empty'],
    ['"?!" -- \ud800', 'holds no word: letters or digits are needed to search for'],
  ])('refuses %j', (query, problem) => {
    expect(() => parseTextQuery(query)).toThrow(new InvalidRun([{ path: 'query', problem }]));
  });

  it('agrees with itself over tokens and texts', () => {
    const property = fc.property(anyText, anyText, (text, asked) => {
      const tokens = tokenize(asked);
      fc.pre(tokens.length > 0);
      const query = parseTextQuery(asked);
      const inTokens = matchesTokens(query, new Set(tokenize(text)));
      expect(matchesText(query, [text])).toBe(inTokens);
      expect(inTokens).toBe(query.terms.every((term) => tokenize(text).includes(term)));
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('finds every text by each of its words, and by itself', () => {
    const property = fc.property(anyText, (text) => {
      const found = [...words(text)];
      for (const { start, end } of found) {
        expect(matches(text.slice(start, end), text)).toBe(true);
      }
      if (found.length > 0) expect(matches(text, text)).toBe(true);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('finds every stretch of a chain of names', () => {
    const name = fc.string({ unit: fc.constantFrom(...'abcXYZ019'), minLength: 1, maxLength: 5 });
    const chain = fc.array(fc.tuple(name, fc.constantFrom('/', '.', '::', '-', '_', '@')), {
      minLength: 1,
      maxLength: 8,
    });
    const property = fc.property(chain, fc.nat(), fc.nat(), (links, one, other) => {
      const [from = 0, to = 0] = [one % links.length, other % links.length].sort((a, b) => a - b);
      const join = (some: typeof links) => some.flat().slice(0, -1).join('');
      expect(matches(join(links.slice(from, to + 1)), join(links))).toBe(true);
    });
    fc.assert(property);
  });
});
