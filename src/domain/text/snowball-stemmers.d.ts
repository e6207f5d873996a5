/** The part of the package that `stem.ts` uses; it ships no types of its own. */
declare module 'snowball-stemmers' {
  /** A stemmer with state inside: not to be entered again while it runs. */
  export function newStemmer(language: 'english'): { stem(word: string): string };
}
