import { type EndedChild, startChild } from '../../support/child.ts';

/**
 * Starts all these programs, waits until each has said `ready`, tells all to go, and waits for their
 * ends. Returns what each said after `ready`, line by line.
 */
export async function startTogether(
  commands: readonly (readonly string[])[],
): Promise<(EndedChild & { lines: string[] })[]> {
  const started = commands.map((command) => {
    const { promise: ready, resolve } = Promise.withResolvers<void>();
    const child = startChild(command, { onLine: (line) => line === 'ready' && resolve() });
    // One that dies early must not keep the others waiting; how it ended tells.
    return { child, ready: Promise.race([ready, child.ended]) };
  });
  await Promise.all(started.map(({ ready }) => ready));
  for (const { child } of started) child.tell('go');
  return Promise.all(
    started.map(async ({ child }) => {
      const ended = await child.ended;
      return { ...ended, lines: ended.stdout.split('\n').slice(1, -1) };
    }),
  );
}
