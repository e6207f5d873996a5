import { openRunRepository } from '../open-repository.ts';
import type { RunRepository } from '../repository/run-repository.ts';
import { asStorageTarget, type StorageTarget } from './storage-target.ts';

/** What is told of the opening; the loggers that the old class was given have both. */
export interface StorageLogger {
  info(message: string): unknown;
  error(message: string, error?: Error): unknown;
}

/** Opens what the first argument of `RunStorage` names, and tells the logger how that went. */
export async function openStorage(
  storage: StorageTarget,
  logger: StorageLogger | undefined,
): Promise<RunRepository> {
  const opening = openRunRepository(asStorageTarget(storage));
  const repository = await opening.catch((error: Error) => {
    logger?.error('The run storage could not be opened', error);
    throw error;
  });
  logger?.info(`The run storage is open: ${repository.location}`);
  return repository;
}
