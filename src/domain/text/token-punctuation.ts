/**
 * Every ASCII character that a token can hold beside a to z and 0 to 9. Beyond ASCII a token holds
 * letters, digits and marks only, in lower case: no space, no control character, no quote, no
 * backslash, no lone surrogate. A token is never empty and never longer than 128 code units.
 *
 * So tokens joined by single spaces come apart again in FTS5 with
 * `tokenize = "ascii tokenchars '_-./:@#+$'"` (which takes everything beyond ASCII into its tokens),
 * and in PostgreSQL with `array_to_tsvector(string_to_array(tokens, ' '))`. A cast to `tsvector` is
 * not the same: it reads `a:1` as a word with a position.
 */
export const TOKEN_PUNCTUATION = '_-./:@#+$';
