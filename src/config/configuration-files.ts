import { lstatSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RunledgerError } from '../repository/errors.ts';
import { type ConfigurationBlocks, configurationBlocks } from './configuration-blocks.ts';
import { configurationError } from './configuration-error.ts';

/** A configuration file that was read. */
export interface ConfigurationFile {
  /** Absolute. */
  path: string;
  /** By which name it was asked for: what its settings are said to come from. */
  name: string;
  blocks: ConfigurationBlocks;
}

const YAML_NAMES = ['runledger.config.yaml', 'runledger.config.yml'];
const JSON_NAME = 'runledger.config.json';

/**
 * The configuration files of a folder, the strongest first: JSON, then YAML; none is fine too. Where a
 * file is named, that one alone. A relative name begins at the folder.
 *
 * Rejects with MISSING for a named file that is not there, and with INVALID for one that cannot be read
 * or understood, and for two YAML files.
 */
export async function readConfigurationFiles(
  folder: string,
  named: string | undefined,
): Promise<ConfigurationFile[]> {
  if (named !== undefined) {
    const file = await readFileIfThere(folder, named);
    if (file !== null) return [file];
    throw new RunledgerError('MISSING', `There is no configuration at ${resolve(folder, named)}.`, {
      hint: 'It was named by --config or RUNLEDGER_CONFIG; without, runledger.config.yaml is looked for.',
    });
  }
  const read = [JSON_NAME, ...YAML_NAMES].map((name) => readFileIfThere(folder, name));
  const files = (await Promise.all(read)).filter((file) => file !== null);
  const yaml = files.filter(({ name }) => YAML_NAMES.includes(name));
  if (yaml.length < 2) return files;
  throw configurationError(folder, `${YAML_NAMES.join(' and ')} are both there: keep one of them`);
}

async function readFileIfThere(folder: string, name: string): Promise<ConfigurationFile | null> {
  const path = resolve(folder, name);
  const text = await readTextIfThere(path);
  if (text === null) return null;
  // The readers are loaded when there is something to read.
  const given = name.toLowerCase().endsWith('.json')
    ? (await import('./parse-json.ts')).parseJson(text, path)
    : (await import('./parse-yaml.ts')).parseYaml(text, path);
  return { path, name, blocks: configurationBlocks(given, path) };
}

/** The text without the mark that some editors put in front. */
async function readTextIfThere(path: string): Promise<string | null> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const code = 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT' && !isLink(path)) return null;
    throw configurationError(path, `the configuration cannot be read: ${faultOf(code)}`, { cause });
  }
}

/** A link that leads nowhere is there all the same, and was to lead somewhere. */
function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function faultOf(code: unknown): string {
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'it is no UTF-8';
  if (code === 'ENOENT') return 'it is a link that leads nowhere';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not read it';
  return String(code);
}
