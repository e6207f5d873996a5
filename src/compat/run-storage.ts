import { ACTIVE_STATUSES } from '../domain/status.ts';
import { RunledgerError } from '../repository/errors.ts';
import type { RunRepository } from '../repository/run-repository.ts';
import type { AgentRun } from './agent-run.ts';
import { type AllRuns, type AllRunsOptions, findAllRuns } from './all-runs.ts';
import { fromOldShape, toOldShape } from './old-shape.ts';
import { type OldStatistics, toOldStatistics } from './old-statistics.ts';
import { openStorage, type StorageLogger } from './open-storage.ts';
import { isRecoverableError } from './recoverable-error.ts';
import { saveThroughRunning } from './save-through-running.ts';
import type { StorageTarget } from './storage-target.ts';

/** How long `deleteOldRuns` keeps a run. */
const RETENTION_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * The old class RunStorage over any store: an application changes one import and gets a database.
 * `docs/upgrading-from-run-storage.md` has each method beside the one of `RunRepository` that does
 * its work, and what is mended.
 *
 * It can be used at once: a method that is called before the store is open waits for it. When the
 * store cannot be opened, every method rejects with that failure. What is returned is a copy: change
 * it, and save it.
 */
export class RunStorage {
  readonly #repository: Promise<RunRepository>;
  readonly #isOurs: boolean;

  /**
   * `storage` is the folder of run files that the old class took (`./logs/claude-runs` by default), or
   * anything that `openRunRepository` takes, or a repository that is open. The logger is told how the
   * opening went. The event bus is accepted and not used: the old class told it about files.
   */
  constructor(
    storage: StorageTarget | RunRepository = 'file',
    _eventBus?: unknown,
    logger?: StorageLogger,
  ) {
    this.#isOurs = !isRepository(storage);
    this.#repository = isRepository(storage)
      ? Promise.resolve(storage)
      : openStorage(storage, logger);
    // Every method rejects with this failure. Before one is called it must not end the process.
    this.#repository.catch(() => {});
  }

  /**
   * Stores a run and resolves when it is safe. A run that is QUEUED may be saved as ended at once.
   * Rejects with INVALID for what is no run, with TRANSITION for a way back (an ended run stays as it
   * ended, and RETRYING is `retryRun`'s to set), and when the store fails.
   */
  async saveRun(run: AgentRun): Promise<void> {
    // Read before anything is waited for: the application may go on to change its object.
    const given = fromOldShape(run);
    await saveThroughRunning(await this.#repository, given);
  }

  /** The run with that id, or null. */
  async getRun(id: string): Promise<AgentRun | null> {
    const repository = await this.#repository;
    const run = await repository.findById(id);
    return run && toOldShape(run);
  }

  /** Every run of a repository, newest first. */
  async getRunsByRepository(repository: string): Promise<AgentRun[]> {
    // An undefined condition is none: every run would match.
    if (typeof repository !== 'string') throw new TypeError('repository must be a string.');
    return Array.fromAsync((await this.#repository).stream({ repository }), toOldShape);
  }

  /**
   * A page of the runs that match, newest first, and how many match in all. An offset is walked: its
   * cost grows with it, and with the count of what matches when runs are left after the page.
   * Rejects with INVALID for a status, a date, a limit or an offset that is none.
   */
  async getAllRuns(options?: AllRunsOptions | null): Promise<AllRuns> {
    return findAllRuns(await this.#repository, options ?? {});
  }

  /**
   * Queues a repetition of a failed run and returns it; the run itself becomes RETRYING until that
   * ends. Rejects with NOT_FOUND, NOT_RECOVERABLE, or TRANSITION for a run that is not FAILED, such as
   * one with a retry under way.
   */
  async retryRun(runId: string): Promise<AgentRun> {
    return (await this.#repository).transaction(async (inside) => {
      const run = await inside.findById(runId);
      if (run === null) throw notFound(runId);
      if (run.error?.recoverable !== true) {
        throw new RunledgerError('NOT_RECOVERABLE', `Run ${runId} is not recoverable`);
      }
      return toOldShape(await inside.retry(runId));
    });
  }

  /**
   * Makes a QUEUED or RUNNING run CANCELLED and returns it, with the time since it started as its
   * duration. Rejects with NOT_FOUND, and with TRANSITION for any other run.
   */
  async cancelRun(runId: string): Promise<AgentRun> {
    // In a transaction, so that of several that cancel a run at once only one is told that it did.
    return (await this.#repository).transaction(async (inside) => {
      const run = await inside.findById(runId);
      if (run === null) throw notFound(runId);
      if (!ACTIVE_STATUSES.includes(run.status)) {
        const message = `Cannot cancel run ${runId} with status ${run.status}`;
        throw new RunledgerError('TRANSITION', message);
      }
      return toOldShape(await inside.cancel(runId));
    });
  }

  /**
   * Deletes the runs that started more than 30 days ago, and tells how many. Those that are QUEUED or
   * RUNNING stay, and so do those with a retry under way.
   */
  async deleteOldRuns(): Promise<number> {
    const until = new Date(Date.now() - RETENTION_DAYS * DAY_MS);
    const { deleted } = await (await this.#repository).deleteMany({ until });
    return deleted;
  }

  /** The figures of all runs, as the old class understood them. */
  async getRunStatistics(): Promise<OldStatistics> {
    const repository = await this.#repository;
    return toOldStatistics(await repository.statistics());
  }

  /** Whether trying again can help: what an application puts into `error.recoverable`. */
  isRecoverable(error: unknown): boolean {
    return isRecoverableError(error);
  }

  /** Lets go of the store. A repository that was given stays open: whoever opened it closes it. */
  async close(): Promise<void> {
    // A store that could not be opened has nothing to let go of, and every method has told why.
    const repository = await this.#repository.catch(() => null);
    if (this.#isOurs) await repository?.close();
  }
}

function isRepository(storage: StorageTarget | RunRepository): storage is RunRepository {
  return typeof storage === 'object' && storage !== null && 'findById' in storage;
}

function notFound(runId: string): RunledgerError {
  return new RunledgerError('NOT_FOUND', `Run ${runId} not found`);
}
