import type { RunledgerError } from '../../repository/errors.ts';

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
  /** All that is known of it, for programs: the JSON document has it, the text does not. */
  details?: object;
}

/** A failure as a check: what it kept from being looked at is broken. */
export function brokenCheck(name: string, { code, message, hint }: RunledgerError): Check {
  return { name, state: 'broken', text: `${message} (${code})`, ...(hint && { hint }) };
}
