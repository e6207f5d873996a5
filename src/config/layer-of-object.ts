import { kindOf } from '../domain/field-readers.ts';
import { isPlainObject } from '../domain/json.ts';
import { configurationError } from './configuration-error.ts';
import type { Layer } from './layer.ts';
import { OPTION_NAMES } from './option-table.ts';
import { unknownName } from './unknown-name.ts';

/** Where a block `database` comes from. */
export interface BlockOrigin extends Pick<Layer, 'base' | 'origin' | 'variables'> {
  /** What its settings are said to come from. */
  source: string;
  /** What goes before the name of an option in errors, such as `database.`. */
  prefix: string;
}

/**
 * A block `database` as a layer. Throws INVALID where it is no object, and for a name that is none of
 * its options.
 */
export function layerOfObject(block: unknown, { source, prefix, ...origin }: BlockOrigin): Layer {
  if (!isPlainObject(block)) {
    throw configurationError(origin.origin, `database must hold options, not ${kindOf(block)}`);
  }
  const unknown = Object.keys(block).find((name) => !OPTION_NAMES.includes(name));
  if (unknown !== undefined) {
    const problem = unknownName(unknown, 'option of database', OPTION_NAMES);
    throw configurationError(origin.origin, problem, {
      issues: [{ path: `${prefix}${unknown}`, problem }],
    });
  }
  const pathOf = (name: string) => `${prefix}${name}`;
  return { ...origin, values: block, sourceOf: () => source, pathOf };
}
