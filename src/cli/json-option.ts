import type { Command } from 'commander';

/** What `addJsonOption` reads. */
export interface JsonOption {
  json?: true;
}

/** Adds `--json`, which every command has. */
export function addJsonOption(command: Command): Command {
  return command.option('--json', 'print one JSON document instead of text');
}
