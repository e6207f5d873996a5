/** Code units that a token holds at most; what is longer is cut, in texts and queries alike. */
export const LONGEST_TOKEN = 128;

const ASCII = /^[\0-\x7f]*$/;
/**
 * Accents, vowel points and variation selectors: the marks that no script owns. The marks of kana
 * (U+3099 and U+309A) and those of the Indic scripts make other letters, so they stay.
 */
const ACCENTS = /(?![\u3099\u309a])(?=\p{M})\p{Script=Inherited}/gu;
/** What a compatibility form brings along: the slash in ½, the brackets of ⑴, spaces in ligatures. */
const NO_LETTERS = /[^\p{L}\p{N}\p{M}]+/gu;

/** The letters, digits and marks of a text in their plain form, without accents; case is kept. */
export function plain(text: string): string {
  const short = cut(text);
  if (ASCII.test(short)) return short;
  const bare = short.normalize('NFKD').replace(NO_LETTERS, '').replace(ACCENTS, '');
  return cut(bare.normalize('NFC'));
}

/** The lower case of a plain text. By way of the upper case, so that ß and ẞ are ss, and ς is σ. */
export function lower(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return cut(text.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ'));
}

/** The first `LONGEST_TOKEN` code units of a text, one less where that would halve a character. */
export function cut(text: string): string {
  if (text.length <= LONGEST_TOKEN) return text;
  const halved = (text.charCodeAt(LONGEST_TOKEN - 1) & 0xfc00) === 0xd800;
  return text.slice(0, halved ? LONGEST_TOKEN - 1 : LONGEST_TOKEN);
}
