import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RunFilter } from '../domain/filter.ts';
import type { RunStatus } from '../domain/run.ts';
import { RUN_STATUSES } from '../domain/status.ts';
import { moment } from './option-values.ts';

/** What `addFilterOptions` reads. */
export interface FilterOptions {
  status?: RunStatus[];
  repository?: string;
  agent?: string;
  model?: string;
  session?: string;
  branch?: string;
  tag?: string;
  error?: string;
  since?: string;
  until?: string;
}

/** Adds the options that say which runs are meant. */
export function addFilterOptions(command: Command): Command {
  return command
    .optionsGroup('Which runs:')
    .addOption(
      new Option('--status <status>', 'with this status; several with commas')
        .choices(RUN_STATUSES)
        .argParser(statuses),
    )
    .option('--repository <name>', 'of this repository')
    .option('--agent <name>', 'of this agent')
    .option('--model <name>', 'by this model')
    .option('--session <id>', 'of this session')
    .option('--branch <name>', 'on this branch')
    .option('--tag <tag>', 'with this tag')
    .option('--error <code>', 'that failed with this error code')
    .option('--since <time>', 'started at this time or later: 24h, 7d, 2026-10-05', moment)
    .option('--until <time>', 'started before this time', moment)
    .optionsGroup('Options:');
}

/** The filter that the options stand for; empty when none was given. */
export function readFilter(options: FilterOptions): RunFilter {
  const { status, repository, agent, model, session, branch, tag, error, since, until } = options;
  const filter = {
    status,
    repository,
    agent,
    model,
    sessionId: session,
    branch,
    tag,
    errorCode: error,
    since,
    until,
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

function statuses(text: string): RunStatus[] {
  return text.split(',').map((word) => {
    const status = RUN_STATUSES.find((known) => known === word.trim().toUpperCase());
    if (status !== undefined) return status;
    throw new InvalidArgumentError(`There are ${RUN_STATUSES.join(', ')}.`);
  });
}
