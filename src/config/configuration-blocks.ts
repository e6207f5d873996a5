import { kindOf } from '../domain/field-readers.ts';
import { isPlainObject } from '../domain/json.ts';
import { configurationError } from './configuration-error.ts';
import { OPTION_NAMES } from './option-table.ts';
import { unknownName } from './unknown-name.ts';

/** The blocks of a configuration, as they were given; what is not there is an empty one. */
export interface ConfigurationBlocks {
  database: unknown;
}

const BLOCKS: readonly string[] = ['database'];

/**
 * The blocks of a configuration as a whole. Nothing at all is as good as no blocks, which is what an
 * empty file and an empty block in YAML are. Throws INVALID where it is no object, and for a name that
 * is no block.
 */
export function configurationBlocks(given: unknown, origin?: string): ConfigurationBlocks {
  if (given === null || given === undefined) return { database: {} };
  if (!isPlainObject(given)) {
    throw configurationError(origin, `a configuration must hold blocks, not be ${kindOf(given)}`);
  }
  const unknown = Object.keys(given).find((name) => !BLOCKS.includes(name));
  if (unknown !== undefined) {
    const problem = unknownName(unknown, 'block of a configuration', BLOCKS);
    throw configurationError(origin, problem, {
      issues: [{ path: unknown, problem }],
      ...(OPTION_NAMES.includes(unknown) && { hint: `Put ${unknown} into the block database.` }),
    });
  }
  return { database: given.database ?? {} };
}
