import { configurationError } from './configuration-error.ts';
import { parseYaml } from './parse-yaml.ts';

/**
 * Reads JSON and refuses a key that stands twice. Throws INVALID with line and column; no value of the
 * file is repeated. `origin` is the file as errors name it.
 */
export function parseJson(text: string, origin: string): unknown {
  const message = faultIn(text);
  if (message !== null) {
    const before = text.slice(0, placeOf(message, text)).split('\n');
    const column = (before.at(-1) ?? '').length + 1;
    const where = `${origin}, line ${before.length}, column ${column}`;
    throw configurationError(where, problemOf(message));
  }
  // JSON is YAML, and that reader sees keys that stand twice.
  return parseYaml(text, origin);
}

function faultIn(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}

const TOKEN = 'Unexpected token';

/** How many characters stand before the fault. */
function placeOf(message: string, text: string): number {
  const [, position] = / at position (\d+)/.exec(message) ?? [];
  if (position !== undefined) return Number(position);
  if (!message.startsWith(TOKEN)) return text.length;
  // V8 does not say where: it is the last character of the shortest beginning with the same fault.
  let [sound, faulty] = [0, text.length];
  while (faulty - sound > 1) {
    const middle = Math.floor((sound + faulty) / 2);
    if (faultIn(text.slice(0, middle))?.startsWith(TOKEN)) faulty = middle;
    else sound = middle;
  }
  return sound;
}

/** The words of V8 where they repeat nothing of the text. */
function problemOf(message: string): string {
  if (message.startsWith(TOKEN)) return 'what stands here is no JSON';
  const [words = ''] = message.split(/ in JSON| at position| of JSON input/);
  return words;
}
