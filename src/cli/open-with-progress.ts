import type { OpenOptions } from '../open-repository.ts';
import { startProgress } from './output/progress.ts';

/** Opens a store or source, and shows how far that is where it takes long. */
export async function openWithProgress<T>(
  open: (options: Required<Pick<OpenOptions, 'onProgress'>>) => Promise<T>,
): Promise<T> {
  const progress = startProgress();
  const onProgress = (done: number, total: number) =>
    progress.update('Reading run files', done, total);
  try {
    return await open({ onProgress });
  } finally {
    progress.end();
  }
}
