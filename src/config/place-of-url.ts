import { fileURLToPath } from 'node:url';
import { invalidTarget } from './invalid-target.ts';

/**
 * The path in what follows `sqlite:` or `file:`. It is taken as it is, but for `///`, which begins a
 * path in percent encoding. What other programs read in another way is refused: it would lead to a
 * second, empty store.
 */
export function placeOfUrl(kind: 'sqlite' | 'file', place: string): string {
  if (place === '' || place === '//') throw invalidTarget(`"${kind}:${place}" names no place.`);
  const isEncoded = place.startsWith('///');
  if (place.startsWith('//') && !isEncoded) throw namesHost(kind, place.slice(2));
  const [parameters] = (isEncoded ? /[?#]\w*=?/ : /\?\w+=/).exec(place) ?? [];
  if (parameters !== undefined) {
    throw invalidTarget(`"${parameters}" would begin parameters, and a store has none.`, {
      hint: `Give settings as an object: { type: "${kind}", database: … }. Behind ${kind}:/// a name has %3F for ? and %23 for #.`,
    });
  }
  if (!isEncoded) return place;
  try {
    return fileURLToPath(`file:${place}`);
  } catch (cause) {
    throw invalidTarget(`Behind "${kind}:///" stands a percent sign that means no character.`, {
      cause,
      hint: `Write %25 for a percent sign, or ${kind}:/path, which is taken as it is.`,
    });
  }
}

function namesHost(kind: string, rest: string): Error {
  // What goes before an @ may be a password.
  const path = rest.replace(/^.*@/s, '').replace(/^localhost(?=\/)/, '');
  const fromRoot = path.replace(/^[./]+/, '');
  return invalidTarget(`"${kind}://" would begin the name of a host, and a store has none.`, {
    hint: `Say ${kind}:${path}, or ${kind}:///${fromRoot} where that begins at the root.`,
  });
}
