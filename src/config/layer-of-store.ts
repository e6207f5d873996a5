import { RunledgerError } from '../repository/errors.ts';
import { invalidTarget, noSuchKind } from './invalid-target.ts';
import type { Layer } from './layer.ts';
import { isPostgresUrl } from './option-readers.ts';
import { placeOfUrl } from './place-of-url.ts';
import { isStoreType } from './store-type.ts';

/**
 * A store that is named by a text as a layer. A kind alone (`sqlite`) is the type, and leaves it to
 * others where that lies; a place (`sqlite:./runs.db`, `memory:`, `postgres://…`) names it whole. `source`
 * is what names it, such as `--store`. Throws INVALID without repeating a password.
 */
export function layerOfStore(text: string, source: string, base: string): Layer {
  const layer = {
    base,
    sourceOf: () => source,
    pathOf: (name: string) => (name === 'type' ? 'The store' : `The ${name} of the store`),
  };
  if (isStoreType(text)) return { ...layer, values: { type: text } };
  return { ...layer, values: valuesOf(text), isWhole: true };
}

/** Whether a text is meant as a store rather than as a path. */
export function isStoreName(text: string): boolean {
  return isStoreType(text) || isPostgresUrl(text) || /^(sqlite|file|memory):/.test(text);
}

function valuesOf(text: string): Layer['values'] {
  if (text === 'memory:') return { type: 'memory' };
  if (text === '') throw invalidTarget('An empty text names no store.');
  if (text.startsWith('memory:')) throw invalidTarget('A store in memory lies at no place.');
  if (/^[./~]|^[^:]*\.(?:db|sqlite3?)$/.test(text)) {
    throw invalidTarget('A path alone names no store.', {
      hint: 'Say sqlite:<path> for a database, file:<path> for a folder of run files.',
    });
  }
  if (isPostgresUrl(text)) return { type: 'postgres', url: text };
  const [, type, place] = /^(sqlite|file):(.*)$/s.exec(text) ?? [];
  if ((type !== 'sqlite' && type !== 'file') || place === undefined) throw noSuchKind(text);
  return { type, database: placeOfUrl(type, place) };
}

/** The same for a text from a place that a failure should name: `RUNLEDGER_STORE: …`. */
export function layerOfStoreIn(text: string, origin: string, base: string): Layer {
  try {
    return { ...layerOfStore(text, origin, base), origin };
  } catch (error) {
    if (!(error instanceof RunledgerError)) throw error;
    const { code, message, hint, issues } = error;
    throw new RunledgerError(code, `${origin}: ${message}`, {
      cause: error,
      issues,
      ...(hint && { hint }),
    });
  }
}
