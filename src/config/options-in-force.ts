import { type Layer, refuseOption } from './layer.ts';
import {
  type Block,
  blockOf,
  DEFAULT_TYPE,
  OPTION_NAMES,
  OPTIONS,
  optionOf,
  TYPE_OPTION,
  typesOf,
} from './option-table.ts';
import { readPostgresUrl } from './postgres-url.ts';
import { type GivenOption, readOption } from './read-option.ts';
import type { StoreType } from './store-type.ts';

/** The type of the store, and what was given for it and holds, by the names of the options. */
export interface OptionsInForce {
  type: StoreType;
  given: Map<string, GivenOption>;
}

/** What is said of one store alone. */
const OF_STORE: readonly Block[] = ['database', 'mirror'];
/** Of the options for a place; what weaker layers say in them belongs to another place. */
const OF_PLACE = OPTIONS.filter(
  ({ name, isOfProgram }) => OF_STORE.includes(blockOf(name)) && !isOfProgram,
).map(({ name }) => name);
/** The same of a url. */
const IN_URL = ['url', 'host', 'port', 'username', 'password', 'database'];

/**
 * Of each option, what the strongest layer says that has a say; the strongest comes first. A layer of
 * another type than a stronger one names speaks of another store: of it and of what is weaker, only
 * options that say nothing of the place stay. So it is with all that is weaker than a layer that names
 * a store whole; and what weaker layers say of a place does not belong to a url. Who names no type
 * speaks of the store of the next weaker one that does, else of the default type if all that it says
 * is for that.
 *
 * What is not in force is not looked at: a variable for another store may be missing. Throws INVALID.
 */
export function optionsInForce(layers: readonly Layer[]): OptionsInForce {
  const named = namedType(layers);
  const given = new Map<string, GivenOption>();
  /** What weaker layers have no say in any more. */
  const closed = new Set<string>();
  for (const [at, layer] of layers.entries()) {
    const { values } = layer;
    const speaksOf = layers.slice(at).find(namesType);
    if (speaksOf !== undefined && !closed.has('type') && typeIn(speaksOf).type !== named.type) {
      for (const name of OF_PLACE) closed.add(name);
    }
    const isOfDefault = speaksOf === undefined && named.type !== DEFAULT_TYPE && fitsDefault(layer);
    const said = OPTION_NAMES.filter(
      (name) =>
        values[name] !== undefined &&
        !closed.has(name) &&
        !(isOfDefault && OF_PLACE.includes(name)),
    );
    for (const name of said.filter((name) => !given.has(name))) {
      const option = optionOf(name, named.type);
      if (option !== undefined) given.set(name, readOption(layer, option, values[name]));
      // Weaker layers may speak of another store; who names this one, or outranks that, does not. Other
      // blocks say of every kind of store what holds for it.
      else if (blockOf(name) === 'database' && at <= named.at)
        throw doesNotApply(layer, name, named);
    }
    const url = said.includes('url') && given.get('url');
    if (url) takeParts(layer, url, given);
    for (const name of layer.isWhole ? OF_PLACE : url ? IN_URL : []) closed.add(name);
  }
  return { type: named.type, given };
}

/** Whether a layer that names no type could speak of the store that is meant where nobody names one. */
function fitsDefault({ values }: Layer): boolean {
  const said = OF_PLACE.filter((name) => values[name] !== undefined);
  return said.every((name) => optionOf(name, DEFAULT_TYPE) !== undefined);
}

interface NamedType {
  type: StoreType;
  source: string;
  /** Which layer names it; behind the last one for the default. */
  at: number;
}

function namesType({ values }: Layer): boolean {
  return values.type !== undefined;
}

function namedType(layers: readonly Layer[]): NamedType {
  const at = layers.findIndex(namesType);
  const layer = layers[at];
  if (layer === undefined) return { type: DEFAULT_TYPE, source: 'default', at: layers.length };
  return { ...typeIn(layer), at };
}

function typeIn(layer: Layer): { type: StoreType; source: string } {
  const { value, source } = readOption(layer, TYPE_OPTION, layer.values.type);
  return { type: value as StoreType, source };
}

/** Takes from a url what no stronger layer says. In its own layer, nothing may be said twice. */
function takeParts(layer: Layer, url: GivenOption, given: Map<string, GivenOption>): void {
  const parts = readPostgresUrl(String(url.value));
  for (const [name, raw] of Object.entries(parts.ok ? parts.value : {})) {
    if (layer.values[name] !== undefined) {
      throw refuseOption(layer, name, 'says what the url says too: keep one of the two');
    }
    const option = optionOf(name, 'postgres');
    if (option === undefined || given.has(name)) continue;
    const reading = option.read(raw, layer.base);
    if (!reading.ok) throw refuseOption(layer, 'url', `has a ${name} that ${reading.problem}`);
    given.set(name, { value: reading.value, source: url.source, isFromUrl: true });
  }
}

function doesNotApply(layer: Layer, name: string, { type, source }: NamedType): Error {
  const problem = `does not apply to ${type}: it is for ${typesOf(name).join(', ')}`;
  const where = source === 'default' ? 'by default' : `as ${source} says`;
  return refuseOption(layer, name, problem, `The type of the store is ${type}, ${where}.`);
}
