import { parseJson } from './parse-json.ts';

/** A value that stands in a text as JSON, also twice; anything else as it is. */
export function decoded(value: unknown): unknown {
  let read = value;
  for (let times = 0; times < 3 && typeof read === 'string'; times += 1) {
    if (!/^\s*[[{"]/.test(read)) return read;
    const parsed = parseJson(read);
    if (parsed === undefined) return read;
    read = parsed.value;
  }
  return read;
}
