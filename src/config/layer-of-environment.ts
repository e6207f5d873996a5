import { configurationError } from './configuration-error.ts';
import { type Environment, variableIn } from './environment.ts';
import type { Layer } from './layer.ts';
import { nearestName } from './nearest-name.ts';
import { BLOCKS, type Block, blockOf, isBlock, namesIn, OPTION_NAMES } from './option-table.ts';

const OURS = 'RUNLEDGER_';

/** The environment variable of an option: `RUNLEDGER_DATABASE_POOL_SIZE` for `poolSize`. */
export function variableOf(option: string): string {
  const words = option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  return isBlock(option) ? OURS + words : `${prefixOf(blockOf(option))}${words}`;
}

/** What the variables of a block begin with. */
function prefixOf(block: Block): string {
  return `${OURS}${block.toUpperCase()}_`;
}

/**
 * The options that environment variables say. Throws INVALID for a variable that begins like them and
 * is none, and for one that is near to one of ours: what it was to say would be passed over.
 */
export function layerOfEnvironment(environment: Environment, base: string): Layer {
  const variables = OPTION_NAMES.map(variableOf);
  for (const name of Object.keys(environment)) {
    if (variableIn(environment, name) === undefined || variables.includes(name)) continue;
    const block = BLOCKS.find((one) => name.startsWith(prefixOf(one)));
    if (block !== undefined) throw unknownVariable(name, block);
    refuseMisspelled(name, variables);
  }
  const values = Object.fromEntries(
    OPTION_NAMES.flatMap((name) => {
      const value = variableIn(environment, variableOf(name));
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return { values, base, sourceOf: variableOf, pathOf: variableOf, isTextual: true };
}

/** The variables that are no options; more can come with other programs of this name. */
const OTHERS = ['RUNLEDGER_STORE', 'RUNLEDGER_CONFIG', 'RUNLEDGER_DEBUG'];

function refuseMisspelled(name: string, variables: readonly string[]): void {
  if (!name.startsWith(OURS) || OTHERS.includes(name)) return;
  const nearest = nearestVariable(name, OURS, [...OTHERS, ...variables]);
  if (nearest === undefined) return;
  const problem = `${name} is no variable of Runledger; did you mean ${nearest}?`;
  throw configurationError(undefined, problem);
}

function unknownVariable(name: string, block: Block): Error {
  const variables = namesIn(block).map(variableOf);
  const nearest = nearestVariable(name, prefixOf(block), variables);
  const answer =
    nearest === undefined ? `there are ${variables.join(', ')}` : `did you mean ${nearest}?`;
  return configurationError(undefined, `${name} is no option of ${block}; ${answer}`);
}

/** They all begin alike: near is what is near in the rest. */
function nearestVariable(
  name: string,
  prefix: string,
  variables: readonly string[],
): string | undefined {
  const endings = variables.map((variable) => variable.slice(prefix.length));
  const nearest = nearestName(name.slice(prefix.length), endings);
  return nearest && prefix + nearest;
}
