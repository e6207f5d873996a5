import { configurationError } from './configuration-error.ts';
import { type Environment, variableIn } from './environment.ts';
import type { Layer } from './layer.ts';
import { nearestName } from './nearest-name.ts';
import { OPTION_NAMES } from './option-table.ts';

const PREFIX = 'RUNLEDGER_DATABASE_';

/** The environment variable of an option: `RUNLEDGER_DATABASE_POOL_SIZE` for `poolSize`. */
export function variableOf(option: string): string {
  return `${PREFIX}${option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/**
 * The options that environment variables say. Throws INVALID for a variable that begins like them and
 * is none.
 */
export function layerOfEnvironment(environment: Environment, base: string): Layer {
  const variables = OPTION_NAMES.map(variableOf);
  for (const name of Object.keys(environment)) {
    if (!name.startsWith(PREFIX) || variables.includes(name)) continue;
    if (variableIn(environment, name) !== undefined) throw unknownVariable(name, variables);
  }
  const values = Object.fromEntries(
    OPTION_NAMES.map((name) => [name, variableIn(environment, variableOf(name))]),
  );
  return { values, base, sourceOf: variableOf, pathOf: variableOf, isTextual: true };
}

function unknownVariable(name: string, variables: readonly string[]): Error {
  // They all begin alike: near is what is near in the rest.
  const endings = variables.map((variable) => variable.slice(PREFIX.length));
  const nearest = nearestName(name.slice(PREFIX.length), endings);
  const answer =
    nearest === undefined
      ? `there are ${variables.join(', ')}`
      : `did you mean ${PREFIX}${nearest}?`;
  return configurationError(undefined, `${name} is no option of database; ${answer}`);
}
