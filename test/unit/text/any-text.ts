import fc from 'fast-check';

const SAMPLES = [
  'Retries',
  'retry',
  'getRunsByRepository',
  'HTTPServer',
  'src/run-storage.ts',
  'foo::bar',
  "user's",
  'ÉCOLE',
  'Straße',
  'नमस्ते',
  '東京都庁で働く',
  'コンピュータ',
  'สวัสดีครับ',
  '한국어',
  '𝒳𠮷😀',
  '\x1b[31m',
  'x'.repeat(200),
];
const PUNCTUATION = [...' \n\t\0"\'’()[]{}<>,;=!?*&|\\~`^%_-./:@#+$\u00a0\u3000\u2028'];

const piece = fc.oneof(
  fc.constantFrom(...SAMPLES),
  fc.constantFrom(...PUNCTUATION),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  // Any code unit by itself, so that halves of surrogate pairs come too.
  fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
);

/** Any string at all, with more words, scripts and punctuation in it than chance would put there. */
export const anyText: fc.Arbitrary<string> = fc
  .array(piece, { maxLength: 30 })
  .map((pieces) => pieces.join(''));
