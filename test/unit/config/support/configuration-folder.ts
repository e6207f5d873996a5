import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import {
  type LoadedConfiguration,
  type LoadOptions,
  loadConfiguration,
} from '../../../../src/config/load-configuration.ts';
import type { RunledgerError } from '../../../../src/repository/errors.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** A new folder with these files in it. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** Loads with nothing but what is given: no file but these, no variable of this process. */
export async function load(
  options: LoadOptions & { files?: Readonly<Record<string, string>> },
): Promise<LoadedConfiguration> {
  const { files = {}, ...others } = options;
  return loadConfiguration({ directory: folderOf(files), environment: {}, ...others });
}

/** The same with the block `database` in `runledger.config.yaml`, its lines given without indentation. */
export async function loadYaml(block: string, options: LoadOptions = {}) {
  return load({ ...options, files: { 'runledger.config.yaml': blockOf(block) } });
}

/** A block `database` in YAML. */
export function blockOf(lines: string): string {
  return `database:\n${lines.replace(/^/gm, '  ')}\n`;
}

/** The failure of a call that must fail. */
export async function refusalOf(loading: Promise<unknown>): Promise<RunledgerError> {
  const outcome = await loading.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('value' in outcome) return expect.fail(`was taken: ${JSON.stringify(outcome.value)}`);
  expect(outcome.error).toMatchObject({ name: 'RunledgerError' });
  return outcome.error as RunledgerError;
}

/** The value of a setting and where it comes from. */
export function settingOf({ settings }: LoadedConfiguration, name: string) {
  const setting = settings.find((known) => known.name === `database.${name}`);
  return setting && [setting.value, setting.source];
}
