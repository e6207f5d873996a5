import { resolve } from 'node:path';
import type { Command } from 'commander';
import { isStoreName } from '../../config/layer-of-store.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { verifyBackup } from '../../services/backup/verify-backup.ts';
import { compareStores } from '../../services/compare/compare-stores.ts';
import { EXIT } from '../exit-codes.ts';
import { addExamples } from '../help-examples.ts';
import { interruptSignal } from '../interrupts.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { nameOfStore } from '../name-of-store.ts';
import { checkBackup, pathOfBackup } from '../open-backup.ts';
import { formatVerdict } from '../output/backup-text.ts';
import { formatCompare } from '../output/compare-text.ts';
import { writeJson } from '../output/json-document.ts';
import { withProgress } from '../output/progress.ts';
import { writeOut } from '../output/stdout.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import { addConfigOption, openStore, storeNamed, using } from '../store-access.ts';
import { UsageError } from '../usage-error.ts';

interface Options extends JsonOption {
  config?: string;
}

/** `runledger verify` */
export function defineVerify(command: Command): void {
  command
    .description(
      `Check that a backup, or the newest of a folder, is what was written: its hash,
every run's digest, its counts, and the hashes of those that it builds on. Of
two stores, compare every run by its digest, and what they have put aside. Ends
with 4 where something is not as it should be, and with 1 for what cannot be
read at all.`,
    )
    .argument('<file>', 'the backup, or a folder of them; or a store, and another one after it')
    .argument('[store]', 'the store to compare it with');
  addConfigOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['verify ./backups/runledger-20261005T192417741Z.ndjson.zst', 'one backup'],
    ['verify sqlite postgres', 'two stores'],
  ]).action((file: string, other: string | undefined, options: Options) =>
    other === undefined ? verify(file, options) : compare([file, other], options),
  );
}

async function verify(file: string, { json }: Options): Promise<void> {
  if (isStoreName(file)) {
    throw new UsageError(`${file} is a store.`, 'Name two of them, to compare their runs.');
  }
  const signal = interruptSignal('not all of it was read');
  const verdict = await checkBackup(signal, async (access) =>
    verifyBackup(await pathOfBackup(resolve(file)), access),
  );
  const { backup, bases, verified, problems } = verdict;
  if (problems.length > 0) process.exitCode = EXIT.differences;
  if (!json) return await writeOut(formatVerdict(verdict, terminalWidth()));
  const { path, bytes, sha256, manifest } = backup;
  const names = bases.map(({ name }) => name);
  await writeJson({ backup: path, bytes, sha256, bases: names, verified, problems, manifest });
}

async function compare(names: readonly [string, string], { config, json }: Options): Promise<void> {
  const [one, two] = [
    await storeNamed(names[0], 'the first store', config),
    await storeNamed(names[1], 'the second store', config),
  ];
  const [first, second] = [nameOfStore(one), nameOfStore(two)];
  if (first === second) throw new UsageError(`Both are ${first}.`, 'Name two stores.');
  const report = await using(await openStore(one, 'read'), async (a) =>
    using(await openStore(two, 'read'), (b) => compareWithProgress(a, b)),
  );
  const { differences, setAside, files } = report;
  if (differences.length + setAside.length + files.length > 0) process.exitCode = EXIT.differences;
  if (json) await writeJson({ first, second, ...report });
  else await writeOut(formatCompare(report, first, second, terminalWidth()));
}

function compareWithProgress(first: RunStore, second: RunStore) {
  const signal = interruptSignal('not every run was compared');
  const labels = { compare: 'Comparing', again: 'Looking again' };
  return withProgress((progress) =>
    compareStores(first, second, {
      signal,
      onProgress: ({ phase, done, total }) => progress.update(labels[phase], done, total),
    }),
  );
}
