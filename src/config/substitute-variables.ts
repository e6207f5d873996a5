import { isPlainObject } from '../domain/json.ts';
import { type Environment, variableIn } from './environment.ts';
import { valueOfText } from './value-of-text.ts';

/** A value without references, and the variables that it came from. */
export interface Substitution {
  value: unknown;
  /** Each once, in their order. */
  variables: string[];
}

/** How `substituteVariables` is done. */
export interface SubstitutionOptions {
  environment: Environment;
  /** Whether a text that came from a variable stays text, or is read as JSON where it is some. */
  isText: boolean;
  /** Makes the failure for a reference that leads nowhere. */
  refuse: (problem: string) => Error;
}

/** `$${`, or `${` and what it refers to. A reference without its end reaches to the end of the text. */
const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;
const NAME = /^[A-Za-z_]\w*$/;

/**
 * Replaces each `${NAME}` in the strings of a value by what the environment says, once: what comes out
 * of a variable is not looked at again. `$${NAME}` becomes `${NAME}`. Throws what `refuse` makes for a
 * variable that is not set and for what begins like a reference and is none.
 */
export function substituteVariables(given: unknown, options: SubstitutionOptions): Substitution {
  const variables = new Set<string>();
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return substituteText(value, variables, options);
    if (Array.isArray(value)) return value.map(walk);
    if (!isPlainObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, walk(member)]));
  };
  return { value: walk(given), variables: [...variables] };
}

function substituteText(
  text: string,
  variables: Set<string>,
  { environment, isText, refuse }: SubstitutionOptions,
): unknown {
  let isSubstituted = false;
  const result = text.replace(REFERENCE, (_, name: string | undefined, end) => {
    if (name === undefined) return '${';
    if (end === '' || !NAME.test(name)) {
      throw refuse('has a "${" that no name and "}" follow; "$${" stands for "${" itself');
    }
    const said = variableIn(environment, name);
    if (said === undefined) {
      throw refuse(`needs the environment variable ${name}, which is not set`);
    }
    variables.add(name);
    isSubstituted = true;
    return said;
  });
  return isSubstituted && !isText ? valueOfText(result) : result;
}
