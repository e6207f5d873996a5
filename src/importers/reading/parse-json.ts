/** What a text holds as JSON; undefined where it is none. */
export interface ParsedJson {
  value: unknown;
  /** NaN or an infinity stood where a value belongs, which JSON does not have: null stands for them. */
  hadNoNumbers: boolean;
}

/** Reads JSON, and what programs write that put numbers into it which JSON does not have. */
export function parseJson(text: string): ParsedJson | undefined {
  const value = parse(text);
  if (value !== undefined) return { value, hadNoNumbers: false };
  if (!/NaN|Infinity/.test(text)) return undefined;
  const repaired = parse(
    text.replace(STRING_OR_NO_NUMBER, (_, string?: string) => string ?? 'null'),
  );
  return repaired === undefined ? undefined : { value: repaired, hadNoNumbers: true };
}

/** Strings are matched too, so that what stands in them stays. */
const STRING_OR_NO_NUMBER = /("(?:[^"\\]|\\.)*")|-?\b(?:NaN|Infinity)\b/g;

/** Undefined for what is no JSON, which has no `undefined`. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
