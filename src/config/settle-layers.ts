import type { JsonValue } from '../domain/json.ts';
import { RunledgerError } from '../repository/errors.ts';
import type { Layer } from './layer.ts';
import type { NamedStore } from './option-readers.ts';
import { type ConfigurationOption, optionsOf, pathOfOption } from './option-table.ts';
import { type OptionsInForce, optionsInForce } from './options-in-force.ts';
import type { GivenOption } from './read-option.ts';
import type { StoreConfiguration } from './store-configuration.ts';
import type { StoreType } from './store-type.ts';

/** One option in force. */
export interface Setting {
  /** Such as `database.poolSize`. */
  name: string;
  /** Its value; of a secret, what is shown in its place. */
  value: JsonValue;
  /** `default`, the name of a file (with the variables that it refers to), a variable, an option. */
  source: string;
}

/** What holds when every layer has had its say. */
export interface Settled {
  /** The store, with every option that it has and absolute paths. It holds the password. */
  database: StoreConfiguration;
  /** The same option by option, with secrets hidden. What a url says is shown as the url alone. */
  settings: Setting[];
  /** The store that is to be as this one is; null where none is named. It is not resolved. */
  mirror: NamedStore | null;
}

/**
 * Lays layers over one another and over the defaults; the strongest comes first. A default place
 * begins at `base`. Throws INVALID with the option that is wrong and where it stands.
 */
export function settleLayers(layers: readonly Layer[], base: string): Settled {
  const inForce = optionsInForce(layers);
  const { type, given } = inForce;
  const database: Record<string, unknown> = {};
  const settings: Setting[] = [];
  let mirror: NamedStore | null = null;
  for (const option of optionsOf(type)) {
    const { name, hide } = option;
    const { value, source, isFromUrl } = given.get(name) ?? defaultOf(option, type, base);
    if (value === null) continue;
    if (name === 'mirror') mirror = value as NamedStore;
    else if (name !== 'url') database[name] = value;
    if (isFromUrl) continue;
    const shown = hide === undefined ? value : hide(value);
    settings.push({ name: pathOfOption(name), value: shown as JsonValue, source });
  }
  if (type === 'postgres' && database.database === undefined) throw noDatabase(layers, inForce);
  return { database: database as unknown as StoreConfiguration, settings, mirror };
}

function defaultOf(
  { defaults, read }: ConfigurationOption,
  type: StoreType,
  base: string,
): GivenOption {
  const value = defaults[type];
  const reading = read(value, base);
  return { value: reading.ok ? reading.value : null, source: 'default' };
}

function noDatabase(layers: readonly Layer[], { given }: OptionsInForce): RunledgerError {
  const isForgotten = layers.some(
    ({ values }) => Object.hasOwn(values, 'url') && values.url === undefined,
  );
  const lacking = given.has('url')
    ? 'the url names none'
    : given.has('host')
      ? 'there is a host alone'
      : 'neither url nor host and database are given';
  return new RunledgerError('INVALID', `A postgres store needs a database: ${lacking}.`, {
    hint: isForgotten
      ? 'The url is undefined: is the environment variable set that it is read from?'
      : 'Give a url, postgres://user@host:port/database, or host and database.',
  });
}
