import type { Command } from 'commander';
import type { LoadedConfiguration } from '../../config/load-configuration.ts';
import { RunledgerError } from '../../repository/errors.ts';
import { brokenCheck, type Check } from '../doctor/check.ts';
import { checkPlace } from '../doctor/check-place.ts';
import { formatConfiguration } from '../doctor/configuration-text.ts';
import { EXIT } from '../exit-codes.ts';
import { addExamples } from '../help-examples.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { nameOfStore } from '../name-of-store.ts';
import { writeJson } from '../output/json-document.ts';
import { masked } from '../output/masked.ts';
import { printable } from '../output/printable.ts';
import { formatReasons } from '../output/reasons-text.ts';
import { writeOut } from '../output/stdout.ts';
import { paint, type Style } from '../output/style.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import { wrap } from '../output/wrap.ts';
import { addStoreFlags, loadStore, type StoreFlags } from '../store-access.ts';

const MARKS: Readonly<Record<Check['state'], readonly [string, Style]>> = {
  ok: ['ok', 'green'],
  warning: ['warning', 'yellow'],
  broken: ['BROKEN', 'red'],
};

/** Where the texts begin, after the mark and the name. */
const TEXT_COLUMN = 21;

/** `runledger doctor` */
export function defineDoctor(command: Command): void {
  command.description(
    `Show the configuration in force and where each value comes from; check that the
store can be used, and show where it lies and what is in it. Changes nothing,
but that a folder of run files gets its index. Ends with 1 where something is
broken.`,
  );
  addStoreFlags(command);
  addJsonOption(command);
  addExamples(command, [
    ['doctor', 'look at the store of this folder'],
    ['doctor --store sqlite:/var/lib/runs.db --json', 'another one, for a program'],
  ]).action((options: JsonOption & StoreFlags) => doctor(options));
}

async function doctor({ json, ...flags }: JsonOption & StoreFlags): Promise<void> {
  const configuration = await configurationOf(flags);
  if (configuration instanceof RunledgerError) {
    return tell(null, null, [brokenCheck('config', configuration)], json);
  }
  const { database } = configuration;
  await tell(
    configuration,
    nameOfStore(database),
    await checkPlace(database, configuration.mirror),
    json,
  );
}

/** A configuration that cannot be understood is a finding, too. */
async function configurationOf(flags: StoreFlags): Promise<LoadedConfiguration | RunledgerError> {
  try {
    return await loadStore(flags);
  } catch (error) {
    if (error instanceof RunledgerError) return error;
    throw error;
  }
}

async function tell(
  configuration: LoadedConfiguration | null,
  store: string | null,
  checks: readonly Check[],
  json: boolean | undefined,
): Promise<void> {
  const isBroken = checks.some(({ state }) => state === 'broken');
  if (isBroken) process.exitCode = EXIT.failed;
  const { settings: given = [], files = [] } = configuration ?? {};
  const settings = given.map(({ value, ...setting }) => ({
    ...setting,
    value: typeof value === 'string' ? masked(value) : value,
  }));
  if (json) return writeJson({ store, configFiles: files, settings, sound: !isBroken, checks });
  const head =
    configuration === null
      ? ''
      : `${formatConfiguration(settings, files, terminalWidth())}\n${store}\n\n`;
  await writeOut(masked(head + checks.map(formatCheck).join('')));
}

function formatCheck({ name, state, text, hint, items = [] }: Check): string {
  const width = terminalWidth();
  const [mark, style] = MARKS[state];
  const advice = hint === undefined ? [] : wrap(printable(hint), width - TEXT_COLUMN);
  const lines = [
    ...wrap(printable(text), width - TEXT_COLUMN),
    ...advice.map((line) => paint('dim', line)),
  ];
  const [first = '', ...others] = lines;
  const head = `${paint(style, mark.padEnd(9))}${name.padEnd(TEXT_COLUMN - 9)}${first}\n`;
  const rest = others.map((line) => `${' '.repeat(TEXT_COLUMN)}${line}\n`).join('');
  return head + rest + (items.length > 0 ? `\n${formatReasons(items, width)}` : '');
}
