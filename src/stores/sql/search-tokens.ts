import { tokenize } from '../../domain/text/tokenize.ts';

/** The tokens that the search index has of a run, from its texts; those that occur twice twice. */
export function tokensOfTexts(texts: readonly (string | undefined)[]): string[] {
  return texts.flatMap((text) => (text === undefined ? [] : tokenize(text)));
}
