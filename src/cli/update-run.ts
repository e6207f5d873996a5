import type { StoredRun } from '../domain/run.ts';
import { isRunledgerError } from '../repository/errors.ts';
import { notFound } from '../repository/guard/refusals.ts';
import type { RunRepository } from '../repository/run-repository.ts';

/** Somebody else changing one run again and again is no reason to go on for ever. */
const ATTEMPTS = 5;

/**
 * Changes a stored run without losing what others change at the same time: reads it, saves what
 * `change` makes of it under its version, and begins anew where that was taken in the meantime.
 * Rejects with NOT_FOUND, or with what `save` rejects with.
 */
export async function updateRun(
  repository: RunRepository,
  id: string,
  change: (run: StoredRun) => StoredRun,
): Promise<StoredRun> {
  for (let attempt = 1; ; attempt += 1) {
    const run = await repository.findById(id);
    if (run === null) throw notFound(id);
    const changed = change(run);
    try {
      const { version } = await repository.save(changed);
      return { ...changed, version };
    } catch (error) {
      if (!isRunledgerError(error, 'CONFLICT') || attempt === ATTEMPTS) throw error;
    }
  }
}
