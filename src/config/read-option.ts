import { type Layer, refuseOption } from './layer.ts';
import type { ConfigurationOption } from './option-table.ts';
import { substituteVariables } from './substitute-variables.ts';
import { valueOfText } from './value-of-text.ts';

/** An option as one layer says it. */
export interface GivenOption {
  /** In the form that the option has. */
  value: unknown;
  /** Where it comes from, for people. */
  source: string;
  /** It stands in the url, not in an option of its own. */
  isFromUrl?: true;
}

/**
 * Reads what a layer says for an option, references to variables resolved. Throws INVALID with the
 * option and where it stands, and never with its value: it may be a secret, or where one was meant.
 */
export function readOption(layer: Layer, option: ConfigurationOption, raw: unknown): GivenOption {
  const { name, isText } = option;
  const { value, variables } = resolve(layer, option, raw);
  const reading = option.read(value, layer.base);
  if (reading.ok) {
    const names = variables.map((variable) => `\${${variable}}`).join(', ');
    const source = layer.sourceOf(name);
    return { value: reading.value, source: names === '' ? source : `${source} (${names})` };
  }
  // A variable always is a text: that is not what is wrong with it.
  const isVariable = variables.length > 0 || layer.isTextual === true;
  const problem = isVariable ? reading.problem.replace(/, not a string$/, '') : reading.problem;
  const isUnquoted = isText && (typeof raw === 'number' || typeof raw === 'boolean');
  throw refuseOption(layer, name, problem, isUnquoted ? 'Put the value in quotes.' : undefined);
}

function resolve(layer: Layer, { name, isText }: ConfigurationOption, raw: unknown) {
  if (layer.isTextual && !isText) return { value: valueOfText(String(raw)), variables: [] };
  if (layer.variables === undefined) return { value: raw, variables: [] };
  return substituteVariables(raw, {
    environment: layer.variables,
    isText: isText === true,
    refuse: (problem) => refuseOption(layer, name, problem),
  });
}
