import type { OpenOptions } from '../open-repository.ts';
import { withProgress } from './output/progress.ts';

/** Opens a store or source, and shows how far that is where it takes long. */
export function openWithProgress<T>(
  open: (options: Required<Pick<OpenOptions, 'onProgress'>>) => Promise<T>,
): Promise<T> {
  return withProgress((progress) =>
    open({ onProgress: (done, total) => progress.update('Reading run files', done, total) }),
  );
}
