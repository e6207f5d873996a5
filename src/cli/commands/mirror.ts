import type { Command } from 'commander';
import { exitCodeOfCopy } from '../copy-with-progress.ts';
import { addExamples } from '../help-examples.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { followStore } from '../migrate/follow-store.ts';
import { twoStores } from '../migrate/stores.ts';
import { formatCopy } from '../output/copy-text.ts';
import { writeJson } from '../output/json-document.ts';
import { writeOut } from '../output/stdout.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import {
  addStoreFlags,
  loadStore,
  type StoreFlags,
  storeNamed,
  withStore,
} from '../store-access.ts';
import { UsageError } from '../usage-error.ts';

interface Options extends JsonOption, StoreFlags {
  to?: string;
  once?: true;
}

/** `runledger mirror` */
export function defineMirror(command: Command): void {
  command
    .description(
      `Keep a second store as this one is: copy what it lacks, then follow each change
until Ctrl-C. Each run is read back and compared. It goes on where it was, also
after a crash. A run that was changed in the mirror by others is left and told.`,
    )
    .option('--to <store>', 'the mirror (default: `mirror` of the configuration)')
    .option('--once', 'end when all is there, for a schedule');
  addStoreFlags(command);
  addJsonOption(command);
  addExamples(command, [
    ['mirror', 'follow the configured store until Ctrl-C'],
    ['mirror --to sqlite:/backup/mirror.db --once', 'bring a mirror up to date'],
  ]).action((options: Options) => mirror(options));
}

async function mirror({ to, once, json, ...flags }: Options): Promise<void> {
  const { database, mirror: configured } = await loadStore(flags);
  const target = to === undefined ? configured : await storeNamed(to, '--to', flags.config);
  if (target === null) {
    const hint = 'Say `mirror: <store>` in the configuration, or name it with --to.';
    throw new UsageError('No mirror is named.', hint);
  }
  const stores = twoStores(database, target, 'the store and its mirror');
  const until = once ? 'copied' : 'stopped';
  const { isMoved: _, ...report } = await withStore({ store: database }, 'read', (store) =>
    followStore(store, stores, { until, canCutOver: null }),
  );
  process.exitCode = exitCodeOfCopy(report);
  if (json) await writeJson({ from: stores.from, to: stores.to, ...report });
  else await writeOut(formatCopy(report, stores.from, stores.to, terminalWidth()));
}
