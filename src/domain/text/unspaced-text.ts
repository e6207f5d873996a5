import type { WordTokens } from './code-word.ts';
import { lower, plain } from './fold.ts';
import { memoizeText } from './memoize-text.ts';

/** Code units that the segmenter is given at once, so that its cost and memory stay flat. */
const BLOCK = 1_000;

// A fixed locale: with none, or `und`, the machine's own would decide where words end.
const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/** Where the words of a run of Chinese, Japanese, Thai or the like begin and end. */
export function* segments(
  text: string,
  start: number,
  end: number,
): Generator<{ start: number; end: number }, void, undefined> {
  for (let from = start; from < end; ) {
    let to = Math.min(from + BLOCK, end);
    if (to < end && (text.charCodeAt(to) & 0xfc00) === 0xdc00) to -= 1;
    for (const { index, segment } of segmenter.segment(text.slice(from, to))) {
      yield { start: from + index, end: from + index + segment.length };
    }
    from = to;
  }
}

/**
 * The tokens of one such word: itself, and what the segmenter makes of it when it stands alone. The
 * neighbours of a word can change where it is cut; so a query for it finds it all the same.
 */
export const tokensOfSegment: (word: string) => WordTokens = memoizeText(16_384, (word) => {
  const whole = tokenOf(word);
  const alone = Array.from(segmenter.segment(word.slice(0, BLOCK)), ({ segment }) => segment);
  const parts = alone.length > 1 ? alone.flatMap(tokenOf) : [];
  return { tokens: [...whole, ...parts], whole };
});

function tokenOf(word: string): string[] {
  const token = lower(plain(word));
  return token === '' ? [] : [token];
}
