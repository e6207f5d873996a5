import type { Command } from 'commander';
import { openRunSource, openRunStore } from '../../open-repository.ts';
import {
  copyWithProgress,
  exitCodeOfCopy,
  type VerifyOption,
  verifyOption,
} from '../copy-with-progress.ts';
import { addExamples } from '../help-examples.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { nameOfStore } from '../name-of-store.ts';
import { openWithProgress } from '../open-with-progress.ts';
import { formatCopy } from '../output/copy-text.ts';
import { writeJson } from '../output/json-document.ts';
import { writeOut } from '../output/stdout.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import { addConfigOption, storeNamed, using } from '../store-access.ts';
import { refuseOneInOther } from '../two-stores.ts';

interface Options extends JsonOption, VerifyOption {
  from: string;
  to: string;
  config?: string;
}

/** `runledger migrate` */
export function defineMigrate(command: Command): void {
  command
    .description(
      `Copy all runs from one store to another. The source is not changed.

Every run is read back from the target and compared by its digest. What cannot
be read is put aside: the target keeps it with the reason, and the command ends
with 3. Doing it again copies what is new and nothing twice.

A kind alone is the configured store, where that is of this kind, or the usual
place.`,
    )
    .option('--from <store>', 'where the runs are: file, sqlite or a URL', 'file')
    .option('--to <store>', 'where they go; made if it is not there', 'sqlite')
    .addOption(verifyOption());
  addConfigOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['migrate --from file --to sqlite', './logs/claude-runs into ./data/claude-runs.db'],
    ['migrate --from sqlite --to file:./kept', 'back to a file for each run'],
    ['migrate --from file:/var/runs --to sqlite:./all.db', 'from and to places of your choice'],
  ]).action((options: Options) => migrate(options));
}

async function migrate({ from, to, config, verify, json }: Options): Promise<void> {
  const source = await storeNamed(from, '--from', config);
  const target = await storeNamed(to, '--to', config);
  const [sourceName, targetName] = [nameOfStore(source), nameOfStore(target)];
  refuseOneInOther(source, target);
  // The source first: a target must not come into being for a source that is not there.
  const report = await using(
    await openWithProgress((progress) => openRunSource(source, progress)),
    async (runs) =>
      using(
        await openWithProgress((progress) => openRunStore(target, { setUp: true, ...progress })),
        (store) => copyWithProgress(runs, store, verify),
      ),
  );
  process.exitCode = exitCodeOfCopy(report);
  if (json) await writeJson({ from: sourceName, to: targetName, ...report });
  else await writeOut(formatCopy(report, sourceName, targetName, terminalWidth()));
}
