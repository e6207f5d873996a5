import { kindOf } from '../domain/field-readers.ts';
import { isPlainObject } from '../domain/json.ts';
import { configurationError } from './configuration-error.ts';
import { BLOCKS, type Block, blockOf, OPTION_NAMES } from './option-table.ts';
import { unknownName } from './unknown-name.ts';

/** The blocks of a configuration, as they were given; what is not there is an empty one. */
export type ConfigurationBlocks = Record<Block, unknown>;

/**
 * The blocks of a configuration as a whole. Nothing at all is as good as no blocks, which is what an
 * empty file and an empty block in YAML are. Throws INVALID where it is no object, and for a name that
 * is no block.
 */
export function configurationBlocks(given: unknown, origin?: string): ConfigurationBlocks {
  const blocks = given ?? {};
  if (!isPlainObject(blocks)) {
    throw configurationError(origin, `a configuration must hold blocks, not be ${kindOf(given)}`);
  }
  const known: readonly string[] = BLOCKS;
  const unknown = Object.keys(blocks).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const problem = unknownName(unknown, 'block of a configuration', BLOCKS);
    throw configurationError(origin, problem, {
      issues: [{ path: unknown, problem }],
      ...(OPTION_NAMES.includes(unknown) && { hint: rightPlaceOf(unknown) }),
    });
  }
  return {
    database: blocks.database ?? {},
    search: blocks.search ?? {},
    mirror: blocks.mirror ?? undefined,
  };
}

/** What to do about an option that stands elsewhere than in its block. */
export function rightPlaceOf(option: string): string {
  return `Put ${option} into the block ${blockOf(option)}.`;
}
