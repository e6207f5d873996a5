import { kindOf } from '../domain/field-readers.ts';
import { isPlainObject } from '../domain/json.ts';
import { type ConfigurationBlocks, rightPlaceOf } from './configuration-blocks.ts';
import { configurationError } from './configuration-error.ts';
import type { Layer } from './layer.ts';
import {
  BLOCKS,
  type Block,
  isBlock,
  namesIn,
  OPTION_NAMES,
  pathOfOption,
} from './option-table.ts';
import { unknownName } from './unknown-name.ts';

/** Where blocks come from. */
export interface BlocksOrigin extends Pick<Layer, 'base' | 'origin' | 'variables'> {
  /** What their settings are said to come from. */
  source: string;
}

/**
 * The blocks of a configuration as a layer. Throws INVALID where one is no object, and for a name that
 * is none of its options.
 */
export function layerOfBlocks(
  blocks: ConfigurationBlocks,
  { source, ...origin }: BlocksOrigin,
): Layer {
  const values: Record<string, unknown> = {};
  for (const block of BLOCKS) {
    Object.assign(values, optionsIn(block, blocks[block], origin.origin));
  }
  return { ...origin, values, sourceOf: () => source, pathOf: pathOfOption };
}

function optionsIn(block: Block, given: unknown, origin: string | undefined): object {
  if (isBlock(block)) return { [block]: given };
  if (!isPlainObject(given)) {
    throw configurationError(origin, `${block} must hold options, not ${kindOf(given)}`);
  }
  const names = namesIn(block);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown === undefined) return given;
  const problem = unknownName(unknown, `option of ${block}`, names);
  throw configurationError(origin, problem, {
    issues: [{ path: `${block}.${unknown}`, problem }],
    ...(OPTION_NAMES.includes(unknown) && { hint: rightPlaceOf(unknown) }),
  });
}
