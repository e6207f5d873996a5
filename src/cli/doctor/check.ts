/** One thing that `doctor` looked at. */
export interface Check {
  name: string;
  /** `broken` is what keeps the store from being used; a `warning` is worth a look. */
  state: 'ok' | 'warning' | 'broken';
  text: string;
  /** What to do about it. */
  hint?: string;
  /** Each thing that the text counts, where there is something to say about it. */
  items?: { name: string; reason: string }[];
}
