/**
 * Characters that take two columns: East Asian Wide and Fullwidth, without the emoji; and the halfwidth
 * sound marks, which take one beside the letter that they are joined to.
 */
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uff9e\uff9f\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2fb}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]/u;
/** Emoji by themselves, by a variation selector, or by a pair of flag letters. */
const EMOJI = /\p{Emoji_Presentation}|\ufe0f|\p{Regional_Indicator}{2}/u;
/** Clusters of nothing but marks and format characters take no column. */
const EMPTY = /^[\p{M}\p{Cf}]+$/u;
const ASCII = /^[ -~]*$/;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** How many columns of a terminal a line of printable text takes. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += clusterWidth(segment);
  return width;
}

/** The text cut to so many columns, with `…` at its end where something was cut. */
export function cutToWidth(text: string, columns: number): string {
  if (text.length <= columns && ASCII.test(text)) return text;
  let width = 0;
  let end = 0;
  for (const { index, segment } of segmenter.segment(text)) {
    const next = width + clusterWidth(segment);
    if (next > columns) return columns > 0 ? `${text.slice(0, end)}…` : '';
    width = next;
    // The place where the ellipsis would still fit.
    if (width < columns) end = index + segment.length;
  }
  return text;
}

function clusterWidth(cluster: string): number {
  if (WIDE.test(cluster) || EMOJI.test(cluster)) return 2;
  return EMPTY.test(cluster) ? 0 : 1;
}
