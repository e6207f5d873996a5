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
    after = { startedAt: last.startedAt, id: last.id };
  }
}
