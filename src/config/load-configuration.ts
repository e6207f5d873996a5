import { dirname, resolve } from 'node:path';
import { configurationBlocks } from './configuration-blocks.ts';
import { configurationError } from './configuration-error.ts';
import { type ConfigurationFile, readConfigurationFiles } from './configuration-files.ts';
import { type Environment, variableIn } from './environment.ts';
import type { Layer } from './layer.ts';
import { layerOfBlocks } from './layer-of-blocks.ts';
import { layerOfEnvironment } from './layer-of-environment.ts';
import { layerOfStoreIn } from './layer-of-store.ts';
import type { NamedStore } from './option-readers.ts';
import { type Settled, settleLayers } from './settle-layers.ts';
import type { SearchConfiguration, StoreConfiguration } from './store-configuration.ts';
import { unknownName } from './unknown-name.ts';

/** A configuration as a program gives it: the blocks that a file has. */
export interface Configuration {
  database?: Partial<StoreConfiguration> | undefined;
  search?: SearchConfiguration | undefined;
  /** A store as a text names it. */
  mirror?: string | undefined;
}

/** Where a configuration comes from. */
export interface LoadOptions {
  /**
   * Taken for the working directory: files are looked for here, and relative places that do not stand
   * in a file begin here. Default `process.cwd()`.
   */
  directory?: string | undefined;
  /** The one file to read, instead of `runledger.config.yaml` and `runledger.config.json`. */
  file?: string | undefined;
  /** What the program itself says: outranks files. `${NAME}` in it is text. */
  object?: Configuration | undefined;
  /** The environment variables; outrank files and the object. Default `process.env`. */
  environment?: Environment | undefined;
  /** A store as `--store` names it: a kind as configured, or a place. Outranks everything. */
  store?: string | undefined;
  /** What named that store, as failures and `settings` say it. Default `--store`. */
  storeName?: string | undefined;
}

/** A configuration as it is in force. */
export interface LoadedConfiguration extends Omit<Settled, 'mirror'> {
  /** The store that is to be as this one is, in the same form; null where none is named. */
  mirror: StoreConfiguration | null;
  /** The files that were read, absolute, the strongest first. */
  files: string[];
}

/**
 * Reads the configuration of this folder, its files and the environment, over the defaults: each option
 * holds as its strongest source says it. `database` in the result opens the store with
 * `openRunRepository`; it holds the password, `settings` do not.
 *
 * Rejects with INVALID for anything that is wrong, naming the file or variable and the option, and with
 * MISSING for a file that was named and is not there. Nothing is opened.
 */
export async function loadConfiguration(options: LoadOptions = {}): Promise<LoadedConfiguration> {
  for (const name of Object.keys(options)) {
    if (NAMES.includes(name)) continue;
    const problem = unknownName(name, 'option of loadConfiguration', NAMES);
    throw configurationError(undefined, problem);
  }
  const { object, environment = process.env, store, storeName = '--store' } = options;
  const folder = resolve(options.directory ?? process.cwd());
  const named = options.file ?? variableIn(environment, 'RUNLEDGER_CONFIG');
  const files = await readConfigurationFiles(folder, named);
  const variable = variableIn(environment, 'RUNLEDGER_STORE');
  const layers: Layer[] = [
    ...(store === undefined ? [] : [layerOfStoreIn(store, storeName, folder)]),
    ...(variable === undefined ? [] : [layerOfStoreIn(variable, 'RUNLEDGER_STORE', folder)]),
    layerOfEnvironment(environment, folder),
    layerOfBlocks(configurationBlocks(object), { source: 'object', base: folder }),
    ...files.map((file) => layerOfFile(file, environment)),
  ];
  const { mirror, ...settled } = settleLayers(layers, folder);
  return {
    ...settled,
    mirror: mirror && settleLayers([layerOfMirror(mirror), ...layers], folder).database,
    files: files.map(({ path }) => path),
  };
}

function layerOfMirror({ store, base }: NamedStore): Layer {
  return layerOfStoreIn(store, 'mirror', base);
}

const NAMES = ['directory', 'file', 'object', 'environment', 'store', 'storeName'];

function layerOfFile({ path, name, blocks }: ConfigurationFile, variables: Environment): Layer {
  return layerOfBlocks(blocks, { source: name, base: dirname(path), origin: path, variables });
}
