import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { startChild } from '../../../support/child.ts';

const CHILD = fileURLToPath(new URL('lock-holder.ts', import.meta.url));

/** Takes the write lock of a database in another process; the function that it gives lets it go. */
export async function holdLock(path: string): Promise<() => Promise<void>> {
  const { promise: held, resolve } = Promise.withResolvers<void>();
  const child = startChild([process.execPath, CHILD, path], { onLine: () => resolve() });
  onTestFinished(() => child.kill('SIGKILL'));
  await held;
  return async () => {
    child.tell('let go');
    await child.ended;
  };
}
