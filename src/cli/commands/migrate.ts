import { type Command, Option } from 'commander';
import { openRunSource, openRunStore } from '../../open-repository.ts';
import { copyWithProgress, exitCodeOfCopy } from '../copy-with-progress.ts';
import { addExamples } from '../help-examples.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { nameOfStore } from '../name-of-store.ts';
import { formatCopy } from '../output/copy-text.ts';
import { writeJson } from '../output/json-document.ts';
import { writeOut } from '../output/stdout.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import { using } from '../store-access.ts';
import { UsageError } from '../usage-error.ts';

interface Options extends JsonOption {
  from: string;
  to: string;
  verify: 'full' | 'none';
}

/** `runledger migrate` */
export function defineMigrate(command: Command): void {
  command
    .description(
      `Copy all runs from one store to another. The source is not changed.

Every run is read back from the target and compared by its digest. What cannot
be read is put aside: the target keeps it with the reason, and the command ends
with 3. Doing it again copies what is new and nothing twice.`,
    )
    .option('--from <store>', 'where the runs are: file, sqlite or a URL', 'file')
    .option('--to <store>', 'where they go; made if it is not there', 'sqlite')
    .addOption(
      new Option('--verify <how>', 'read every run back, or trust the target')
        .choices(['full', 'none'])
        .default('full'),
    );
  addJsonOption(command);
  addExamples(command, [
    ['migrate --from file --to sqlite', './logs/claude-runs into ./data/claude-runs.db'],
    ['migrate --from file:/var/runs --to sqlite:./all.db', 'from and to places of your choice'],
  ]).action((options: Options) => migrate(options));
}

async function migrate({ from, to, verify, json }: Options): Promise<void> {
  if (nameOfStore(from) === nameOfStore(to)) {
    throw new UsageError(`Both --from and --to are ${nameOfStore(to)}.`, 'Name two stores.');
  }
  // The source first: a target must not come into being for a source that is not there.
  const report = await using(await openRunSource(from), async (source) =>
    using(await openRunStore(to), (target) => copyWithProgress(source, target, verify)),
  );
  process.exitCode = exitCodeOfCopy(report);
  if (json) await writeJson(report);
  else await writeOut(formatCopy(report, nameOfStore(from), nameOfStore(to), terminalWidth()));
}
