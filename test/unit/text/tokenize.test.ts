import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TOKEN_PUNCTUATION } from '../../../src/domain/text/token-punctuation.ts';
import { tokenize, words } from '../../../src/domain/text/tokenize.ts';
import { anyText } from './any-text.ts';

const UNSPACED =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Khmr}\p{scx=Laoo}\p{scx=Mymr}]/u;

/** The words as they stand in the text. */
function slices(text: string): string[] {
  return Array.from(words(text), ({ start, end }) => text.slice(start, end));
}

describe('tokenize', () => {
  it.each<[string, string[]]>([
    ['', []],
    [' \n.,;!? --- ""', []],
    ['Retries, retried; retry', ['retri', 'retri', 'retri']],
    ['ECONNRESET', ['econnreset']],
    ['say"it"\\now,a=b', ['say', 'it', 'now', 'a', 'b']],
    ['getRunsByRepository', ['getrunsbyrepositori', 'get', 'run', 'by', 'repositori']],
    ['HTTPServer', ['httpserver', 'http', 'server']],
    ['utf8', ['utf8', 'utf', '8']],
    ['0x1f a3f9b2c4', ['0x1f', 'a3f9b2c4']],
    ['foo::bar', ['foo::bar', 'foo', 'bar']],
    ['user@host', ['user@host', 'user', 'host']],
    ['(#301)', ['301']],
    ['1.4.3', ['1.4', '4.3', '1', '4', '3']],
    ['src/run-storage.ts', ['src/run', 'run-storage', 'storage.ts', 'src', 'run', 'storag', 'ts']],
    ["the user's b's'", ['the', 'user', 'b', 's']],
    ['\x1b[1;31mfailed\x1b[0m', ['fail']],
    ['a\0b \ud800c\udc00', ['a', 'b', 'c']],
    ['東京都', ['東京', '都']],
    ['2024年TypeScriptで', ['2024', '年', 'typescript', 'type', 'script', 'で']],
  ])('reads %j', (text, tokens) => {
    expect(tokenize(text)).toEqual(tokens);
  });

  it.each([
    ['café', 'CAFE\u0301'],
    ['Straße', 'STRASSE'],
    ['STRAẞE', 'strasse'],
    ['ΟΔΌΣ', 'οδος'],
    ['İstanbul', 'istanbul'],
    ['ﬁne', 'fine'],
    ['ＡＢＣ１', 'abc1'],
    ['한국어', '한국어'.normalize('NFD')],
    ['x1\ufe0f\u20e3', 'x1'],
  ])('takes %s and %s for the same', (left, right) => {
    expect(tokenize(left)).toEqual(tokenize(right));
  });

  it.each([
    ['か', 'が'],
    ['कि', 'क'],
  ])('keeps %s and %s apart: their marks make other letters', (left, right) => {
    expect(tokenize(left)).not.toEqual(tokenize(right));
  });

  it('cuts long words, never through a character', () => {
    expect(tokenize('A'.repeat(1_000))).toEqual(['a'.repeat(128)]);
    expect(tokenize(`x${'𐐨'.repeat(1_000)}`)).toEqual([`x${'𐐨'.repeat(63)}`]);
    for (const token of tokenize(`${'a'.repeat(127)}.${'b'.repeat(200)}`)) {
      expect(token.length).toBeLessThanOrEqual(128);
    }
  });

  it('reads an endless chain as words of at most 64 names', () => {
    const lengths = Array.from(words('a.'.repeat(100)), ({ start, end }) => end - start);
    expect(lengths).toEqual([127, 71]);
  });

  it('reads 10 MB of one letter, of one sentence, of marks and of halves', () => {
    const size = 10 * 1024 * 1024;
    expect(tokenize('a'.repeat(size))).toHaveLength(1);
    expect(tokenize('\u0301'.repeat(size))).toHaveLength(0);
    expect(tokenize('\udc00'.repeat(size))).toHaveLength(0);
    let count = 0;
    for (const _ of words('The quick brown fox. '.repeat(size / 20))) count += 1;
    expect(count).toBe((size / 20) * 4);
  });

  it('gives a run of 2,500 characters without spaces to the segmenter in blocks', () => {
    const text = `京${'𠮷'.repeat(1_250)}`;
    expect(slices(text).join('')).toBe(text);
    expect(slices(text).every((slice) => slice.isWellFormed())).toBe(true);
  });

  it('has every token in the alphabet that it documents', () => {
    const inner = TOKEN_PUNCTUATION.replace('-', '\\-');
    const token = new RegExp(
      `^(?:[a-z0-9${inner}]|(?![\\0-\\x7f])[\\p{L}\\p{N}\\p{M}]){1,128}$`,
      'u',
    );
    const property = fc.property(anyText, (text) => {
      for (const found of tokenize(text)) expect(found).toMatch(token);
    });
    fc.assert(property, { numRuns: 500 });
    for (let code = 0; code < 0x2_0000; code += 1) {
      const character = String.fromCodePoint(code);
      for (const found of tokenize(`${character} b`)) if (!token.test(found)) expect.fail(found);
    }
  });

  it('gives words in order, apart, whose offsets cut out a word with the same tokens', () => {
    const property = fc.property(anyText, (text) => {
      let last = 0;
      for (const { start, end, tokens, whole } of words(text)) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        last = end;
        const slice = text.slice(start, end);
        expect(tokens).toEqual(expect.arrayContaining([...whole]));
        expect(slice).toBe(slice.trim());
        // The neighbours of a word decide where such scripts are cut.
        if (UNSPACED.test(slice)) continue;
        expect([...words(slice)]).toEqual([{ start: 0, end: slice.length, tokens, whole }]);
      }
      expect(last).toBeLessThanOrEqual(text.length);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('answers the same from memory, in tokens that a space keeps apart', () => {
    const property = fc.property(anyText, (text) => {
      const first = tokenize(text);
      expect(tokenize(text)).toEqual(first);
      expect(first.join(' ').split(' ')).toEqual(first.length === 0 ? [''] : first);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('finds every letter and digit of a text in a word', () => {
    const property = fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
      const left = slices(text)
        .join('')
        .replace(/[^A-Za-z0-9]/g, '');
      expect(left).toBe(
        text.replace(/(?<=[A-Za-z0-9])'[sS](?![A-Za-z0-9'])/g, '').replace(/[^A-Za-z0-9]/g, ''),
      );
    });
    fc.assert(property);
  });
});
