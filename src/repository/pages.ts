import type { RunPlace } from '../domain/cursor.ts';

/**
 * Page after page in the order of runs, until one is empty. `read` gives the runs after a place; the first
 * page begins after `start`, where there is one.
 */
export async function* pages<T extends RunPlace>(
  read: (after: RunPlace | null) => Promise<T[]>,
  start: RunPlace | null = null,
): AsyncGenerator<T[], void, void> {
  for (let after = start; ; ) {
    const page = await read(after);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = placeOf(last);
  }
}

/** The place of a run, without the rest of it, so that it can be kept. */
export function placeOf({ startedAt, id }: RunPlace): RunPlace {
  return { startedAt, id };
}
