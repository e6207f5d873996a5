import type { AgentRun } from '../domain/run.ts';
import { mayBecome } from '../domain/status.ts';
import { isRunledgerError } from '../repository/errors.ts';
import type { RunRepository } from '../repository/run-repository.ts';

/**
 * Saves a run. One that is stored as QUEUED and ended without ever being saved as RUNNING becomes
 * RUNNING on its way, in the same transaction: the old class let applications leave that save out.
 * Rejects with TRANSITION where no way leads, such as from one end to another.
 */
export async function saveThroughRunning(repository: RunRepository, run: AgentRun): Promise<void> {
  try {
    await repository.save(run);
  } catch (error) {
    const mayHelp = isRunledgerError(error, 'TRANSITION') && mayBecome('RUNNING', run.status);
    if (!mayHelp) throw error;
    await repository.transaction(async (inside) => {
      const stored = await inside.findById(run.id);
      if (stored?.status === 'QUEUED') await inside.save({ ...stored, status: 'RUNNING' });
      await inside.save(run);
    });
  }
}
