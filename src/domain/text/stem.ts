import { newStemmer } from 'snowball-stemmers';
import { memoizeText } from './memoize-text.ts';

/** Only words of this shape have an English stem. No English word is longer. */
const ENGLISH = /^[a-z]{3,40}$/;

const english = newStemmer('english');
// The stemmer needs about 12 µs for a word, a look at what is remembered 0.1 µs.
const stemOf = memoizeText(16_384, (word) => english.stem(word));

/**
 * The English stem of a lower-case word (`repositories` becomes `repositori`), by the Porter 2 rules
 * of Snowball. What is not made of the letters a to z, or is too long for a word, stays as it is.
 */
export function stem(word: string): string {
  return ENGLISH.test(word) ? stemOf(word) : word;
}
