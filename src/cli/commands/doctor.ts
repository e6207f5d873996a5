import type { Command } from 'commander';
import { readStoreTarget } from '../../config/store-target.ts';
import type { Check } from '../doctor/check.ts';
import { checkStore } from '../doctor/check-store.ts';
import { checkDisk, checkFiles, checkWritable, sizeOf } from '../doctor/check-surroundings.ts';
import { otherStores } from '../doctor/other-stores.ts';
import { EXIT } from '../exit-codes.ts';
import { addExamples } from '../help-examples.ts';
import { callOnStore } from '../how-to-call.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { nameOfStore } from '../name-of-store.ts';
import { writeJson } from '../output/json-document.ts';
import { printable } from '../output/printable.ts';
import { formatReasons } from '../output/reasons-text.ts';
import { writeOut } from '../output/stdout.ts';
import { paint, type Style } from '../output/style.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import { wrap } from '../output/wrap.ts';
import { addStoreOption, type StoreOption } from '../store-access.ts';
import { UsageError } from '../usage-error.ts';

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
    `Check that the store can be used, and show where it lies and what is in it.
Changes nothing. Ends with 1 where something is broken.`,
  );
  addStoreOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['doctor', 'look at ./data/claude-runs.db'],
    ['doctor --store sqlite:/var/lib/runs.db --json', 'another one, for a program'],
  ]).action((options: JsonOption & StoreOption) => doctor(options));
}

async function doctor({ store, json }: JsonOption & StoreOption): Promise<void> {
  const target = readStoreTarget(store);
  if (target.kind !== 'sqlite') {
    throw new UsageError(`doctor looks at databases, and ${nameOfStore(store)} is none.`);
  }
  const checks = await checkPlace(store, target.path);
  const isBroken = checks.some(({ state }) => state === 'broken');
  if (isBroken) process.exitCode = EXIT.failed;
  if (json) await writeJson({ store: nameOfStore(store), sound: !isBroken, checks });
  else await writeOut(`${nameOfStore(store)}\n\n${checks.map(formatCheck).join('')}`);
}

async function checkPlace(store: string, path: string): Promise<Check[]> {
  if ((await sizeOf(path)) === null) return [await missing(path)];
  return [
    await checkFiles(path),
    await checkWritable(path),
    await checkDisk(path),
    ...(await checkStore(store, path)),
  ];
}

async function missing(path: string): Promise<Check> {
  const others = await otherStores(path);
  const text = others.length > 0 ? `not there, but there is ${others.join(' and ')}` : 'not there';
  return {
    name: 'files',
    state: 'broken',
    text,
    hint: `"${callOnStore('start')}" makes it; --store names another.`,
  };
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
