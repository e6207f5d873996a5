import type { StoredRun } from '../domain/run.ts';
import { isRunledgerError } from '../repository/errors.ts';
import type { RunRepository } from '../repository/run-repository.ts';
import { EXIT } from './exit-codes.ts';
import type { JsonOption } from './json-option.ts';
import { writeJson } from './output/json-document.ts';
import { printable } from './output/printable.ts';
import { reportFailure } from './output/report-failure.ts';
import { writeOut } from './output/stdout.ts';
import { type StoreOption, withRepository } from './store-access.ts';

/** What is done to each of several runs. */
export interface RunChanger {
  change: (repository: RunRepository, id: string) => Promise<StoredRun>;
  /** One line about the run afterwards. */
  tell: (run: StoredRun) => string;
}

/** A run that was not changed, and why: as `--json` shows it. */
interface FailedChange {
  id: string;
  code: string;
  message: string;
}

/** Runs whose change is refused do not keep the others from theirs; any of them ends with 1. */
const REFUSALS: readonly string[] = [
  'INVALID',
  'NOT_FOUND',
  'CONFLICT',
  'TRANSITION',
  'NOT_RECOVERABLE',
  'ACTIVE',
];

/** Does something to each of several runs; what is refused is told, and the others go on. */
export async function changeRuns(
  ids: readonly string[],
  options: JsonOption & StoreOption,
  { change, tell }: RunChanger,
): Promise<void> {
  const changed: StoredRun[] = [];
  const failed: FailedChange[] = [];
  await withRepository(options, 'change', async (repository) => {
    for (const id of new Set(ids)) {
      try {
        const run = await change(repository, id);
        changed.push(run);
        if (!options.json) await writeOut(`${printable(tell(run))}\n`);
      } catch (error) {
        if (!isRunledgerError(error) || !REFUSALS.includes(error.code)) throw error;
        failed.push({ id, code: error.code, message: error.message });
        process.exitCode = EXIT.failed;
        reportFailure(error, undefined);
      }
    }
  });
  if (options.json) {
    const runs = changed.map(({ id, status, version, retryCount, parentRunId, tags }) => ({
      id,
      status,
      version,
      retryCount,
      parentRunId: parentRunId ?? null,
      tags: tags ?? [],
    }));
    await writeJson({ runs, failed });
  }
}
