import { cut, lower, plain } from './fold.ts';
import { memoizeText } from './memoize-text.ts';
import { stem } from './stem.ts';
import { TOKEN_PUNCTUATION } from './token-punctuation.ts';

/** What a word is found by. */
export interface WordTokens {
  /** Each token once per place: those in `whole`, then the parts. Empty when nothing can be found. */
  readonly tokens: readonly string[];
  /** Those that together stand for the word: a query for the word requires all of them. */
  readonly whole: readonly string[];
}

/** A name within a code word: `getRunsByRepository` in `repo.getRunsByRepository`. */
interface Name {
  readonly lower: string;
  readonly token: string;
  readonly parts: readonly string[];
}

// Escaped for a bracket expression, in which `-` would name a range.
const JOINERS = new RegExp(`([${TOKEN_PUNCTUATION.replace('-', '\\-')}]+)`);
/** The humps of camelCase and HTTPServer; runs of digits. */
const PARTS = /\p{Lu}+(?=\p{Lu}\p{Ll})|\p{Lu}?[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|\p{Lu}+|\p{N}+/gu;
const LETTERS_OR_DIGITS = /\p{N}+|\P{N}+/gu;
/** `utf8` and `Base64Encoder` are names; what changes more often (`0x1f`, `a3f9b2`) is a number. */
const MOST_CHANGES = 3;

/**
 * The tokens of one word as it stands in a text.
 *
 * A plain word has one: its stem. A name with humps or digits has itself (as if it were a word, so
 * that `getrunsbyrepository` finds `getRunsByRepository`) and its parts. Names joined by punctuation
 * are kept as the chain of their neighbouring pairs, unstemmed: `src/run-storage.ts` is `src/run`,
 * `run-storage`, `storage.ts`, then the tokens of each name. Pairs instead of one long token make
 * every stretch of a chain findable: a file without its folder, a path below `/home/me` or `a/`, a
 * method without its object, `1.4` in `1.4.3`; and they grow with the text and no faster.
 */
export const tokensOfWord: (word: string) => WordTokens = memoizeText(16_384, (word) => {
  const names: Name[] = [];
  const pairs: string[] = [];
  const pieces = word.split(JOINERS);
  for (let at = 0; at < pieces.length; at += 2) {
    const name = readName(pieces[at] ?? '');
    if (name.lower === '') continue;
    const before = names.at(-1);
    if (before !== undefined) pairs.push(cut(before.lower + pieces[at - 1] + name.lower));
    names.push(name);
  }
  const whole = pairs.length > 0 ? pairs : names.map(({ token }) => token);
  const rest = names.flatMap(({ token, parts }) => (pairs.length > 0 ? [token, ...parts] : parts));
  return { tokens: [...whole, ...rest], whole };
});

function readName(text: string): Name {
  const bare = plain(text);
  const word = lower(bare);
  const parts = partsOf(bare);
  return {
    lower: word,
    token: stem(word),
    parts: parts.length > 1 ? parts.map((part) => stem(lower(part))) : [],
  };
}

function partsOf(name: string): readonly string[] {
  const changes = name.match(LETTERS_OR_DIGITS) ?? [];
  return changes.length > MOST_CHANGES ? [] : (name.match(PARTS) ?? []);
}
