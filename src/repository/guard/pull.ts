import { RunledgerError } from '../errors.ts';
import { warn } from './warn.ts';

/**
 * Takes what a caller's iterable gives until it ends, or `stopped` aborts, even in the middle of
 * waiting for it. Its own failure becomes SOURCE_FAILED.
 */
export async function* pull<T>(
  source: Iterable<T> | AsyncIterable<T>,
  stopped: AbortSignal,
): AsyncGenerator<Awaited<T>, void, void> {
  if (Array.isArray(source)) {
    // It is all there already: to stop would only leave the caller with the rest.
    yield* source;
    return;
  }
  const iterator =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let stop = () => {};
  const onAbort = () => stop();
  stopped.addEventListener('abort', onAbort);
  let isDone = false;
  try {
    while (!isDone) {
      stopped.throwIfAborted();
      // Promise.race would keep every item alive as long as the signal.
      const next = await new Promise<IteratorResult<T>>((resolve, reject) => {
        stop = () => reject(stopped.reason);
        nextOf(iterator).then(resolve, (cause: unknown) => {
          isDone = true;
          reject(failed(cause));
        });
      });
      isDone = next.done === true;
      if (next.done !== true) yield await next.value;
    }
  } finally {
    stopped.removeEventListener('abort', onAbort);
    if (!isDone) end(iterator);
  }
}

async function nextOf<T>(iterator: Iterator<T> | AsyncIterator<T>): Promise<IteratorResult<T>> {
  return iterator.next();
}

/** Tells the source that no more is wanted. Nobody waits: it may be waiting itself, for ever. */
function end(iterator: Iterator<unknown> | AsyncIterator<unknown>): void {
  const ended = (async () => iterator.return?.())();
  ended.catch((error: unknown) => warn('The end of a source failed', error));
}

function failed(cause: unknown): RunledgerError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new RunledgerError('SOURCE_FAILED', `What gives the runs failed: ${message}`, {
    cause,
    hint: 'The failure is that of the iterable, not of the store; see the cause.',
  });
}
