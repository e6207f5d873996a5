import type { Command } from 'commander';
import type { RunFilter } from '../../domain/filter.ts';
import { ACTIVE_STATUSES } from '../../domain/status.ts';
import { notFound } from '../../repository/guard/refusals.ts';
import type { RunRepository } from '../../repository/run-repository.ts';
import { confirm } from '../confirm.ts';
import { EXIT } from '../exit-codes.ts';
import { addFilterOptions, type FilterOptions, readFilter } from '../filter-options.ts';
import { addExamples } from '../help-examples.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { runIds } from '../option-values.ts';
import { countOf } from '../output/figures.ts';
import { writeJson } from '../output/json-document.ts';
import { writeOut } from '../output/stdout.ts';
import { addStoreOption, type StoreOption, withRepository } from '../store-access.ts';
import { UsageError } from '../usage-error.ts';

interface Options extends FilterOptions, JsonOption, StoreOption {
  dryRun?: true;
  yes?: true;
}

/** What a deletion did or would do; the document that `--json` prints, but for its version. */
interface Deletion {
  dryRun: boolean;
  deleted: number;
  /** QUEUED and RUNNING runs, which are left. */
  active: number;
  /** Ids that no run has. */
  missing: string[];
}

/** `runledger delete` */
export function defineDelete(command: Command): void {
  command
    .description(
      `Delete runs by their ids, or all that match a filter. Runs that are QUEUED or
RUNNING are left: cancel them first. A filter asks before it deletes.`,
    )
    .argument('[ids...]', 'the ids of the runs', runIds);
  addFilterOptions(command);
  command.option('--dry-run', 'only tell how many would be deleted').option('--yes', 'do not ask');
  addStoreOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['delete e6a01d42-8f9b-4c35-9d7e-2a3b4c5d6e06', 'this one'],
    ['delete --status CANCELLED --until 2026-01-01 --dry-run', 'how many would go'],
  ]).action((ids: string[], options: Options) =>
    withRepository(options, options.dryRun ? 'read' : 'change', async (repository) =>
      tell(await remove(repository, ids, options), options),
    ),
  );
}

async function remove(repository: RunRepository, ids: readonly string[], options: Options) {
  const filter = readFilter(options);
  const isFiltered = Object.keys(filter).length > 0;
  if (ids.length > 0 && isFiltered) throw new UsageError('Give ids or a filter, not both.');
  if (ids.length > 0) return removeIds(repository, [...new Set(ids)], options.dryRun === true);
  if (isFiltered) return removeMatching(repository, filter, options);
  throw new UsageError(
    'Nothing was named, and everything is never meant.',
    'Give ids, or a filter such as --status CANCELLED.',
  );
}

async function removeIds(
  repository: RunRepository,
  ids: readonly string[],
  dryRun: boolean,
): Promise<Deletion> {
  const deletion: Deletion = { dryRun, deleted: 0, active: 0, missing: [] };
  for (const id of ids) {
    const run = await repository.findById(id);
    if (run === null) deletion.missing.push(id);
    else if (ACTIVE_STATUSES.includes(run.status)) deletion.active += 1;
    else if (dryRun || (await repository.delete(id))) deletion.deleted += 1;
  }
  return deletion;
}

async function removeMatching(
  repository: RunRepository,
  filter: RunFilter,
  options: Options,
): Promise<Deletion> {
  const { totalRuns, retiredRuns, byStatus } = await repository.statistics(filter);
  const active = ACTIVE_STATUSES.reduce((sum, status) => sum + byStatus[status], 0);
  const matching = totalRuns - retiredRuns - active;
  if (options.dryRun) return { dryRun: true, deleted: matching, active, missing: [] };
  const what = countOf(matching, 'run');
  if (
    matching > 0 &&
    !options.yes &&
    !(await confirm(`Delete ${what}?`, `${what} would be deleted`))
  ) {
    process.exitCode = EXIT.failed;
    return { dryRun: false, deleted: 0, active, missing: [] };
  }
  return { dryRun: false, ...(await repository.deleteMany(filter)), missing: [] };
}

async function tell(deletion: Deletion, options: Options): Promise<void> {
  const { dryRun, deleted, active, missing } = deletion;
  if (missing.length > 0 || (active > 0 && deleted === 0)) process.exitCode = EXIT.failed;
  if (options.json) return writeJson(deletion);
  const lines = [`${dryRun ? 'Would delete' : 'Deleted'} ${countOf(deleted, 'run')}.`];
  if (active > 0)
    lines.push(`Left ${countOf(active, 'QUEUED or RUNNING run')}: to be cancelled first.`);
  for (const id of missing) lines.push(notFound(id).message);
  await writeOut(`${lines.join('\n')}\n`);
}
