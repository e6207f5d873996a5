import { resolve } from 'node:path';
import type { Command } from 'commander';
import { verifyBackup } from '../../services/backup/verify-backup.ts';
import { EXIT } from '../exit-codes.ts';
import { addExamples } from '../help-examples.ts';
import { interruptSignal } from '../interrupts.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { formatVerdict } from '../output/backup-text.ts';
import { writeJson } from '../output/json-document.ts';
import { withProgress } from '../output/progress.ts';
import { writeOut } from '../output/stdout.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import { scratchFolder } from '../scratch-folder.ts';

/** `runledger verify` */
export function defineVerify(command: Command): void {
  command
    .description(
      `Check that a backup is what was written: its hash, every run's digest, its
counts, and the hashes of those that it builds on. Ends with 4 where something
is not, and with 1 for what cannot be read as a backup at all.`,
    )
    .argument('<file>', 'the backup');
  addJsonOption(command);
  addExamples(command, [
    ['verify ./backups/runledger-20261005T192417741Z.ndjson.zst', 'one backup'],
  ]).action((file: string, options: JsonOption) => verify(file, options));
}

async function verify(file: string, { json }: JsonOption): Promise<void> {
  const signal = interruptSignal('not all of it was read');
  const verdict = await withProgress((progress) =>
    verifyBackup(resolve(file), {
      newScratch: scratchFolder,
      signal,
      onProgress: (done, total) => progress.update('Verifying', done, total),
    }),
  );
  const { backup, bases, verified, problems } = verdict;
  if (problems.length > 0) process.exitCode = EXIT.differences;
  if (!json) return await writeOut(formatVerdict(verdict, terminalWidth()));
  const { path, bytes, sha256, manifest } = backup;
  const names = bases.map(({ name }) => name);
  await writeJson({ backup: path, bytes, sha256, bases: names, verified, problems, manifest });
}
