import { digestOf } from '../../src/domain/canonical.ts';
import type { AgentRun } from '../../src/domain/run.ts';
import type { RunSource, SourceItem } from '../../src/repository/run-source.ts';
import type { QuarantineItem, RunStore } from '../../src/repository/run-store.ts';

/**
 * A source that gives these runs and unreadable things, in this order. Runs without a name there are
 * named by their ids; without `past` it keeps none.
 */
export function listSource(
  runs: readonly AgentRun[],
  {
    origin = 'file:/runs',
    setAside = [],
    past,
    names = [],
  }: {
    origin?: string;
    setAside?: readonly string[];
    past?: Record<string, string[]>;
    names?: string[];
  } = {},
): RunSource {
  const items: SourceItem[] = [
    ...runs.map((run, n) => {
      return { kind: 'run', name: names[n] ?? run.id, run, digest: digestOf(run) } as const;
    }),
    ...setAside.map((name) => ({ kind: 'set-aside', item: unreadable(origin, name) }) as const),
  ];
  return {
    origin,
    count: async () => items.length,
    async *items() {
      yield* items;
    },
    pastOf: async (id) => ({ digests: past?.[id] ?? [], isWhole: past !== undefined }),
  };
}

/** What a source says of an unreadable thing of that name. */
export function unreadable(origin: string, name: string): QuarantineItem {
  return { origin, name, reason: `${name} is broken.`, bytes: new TextEncoder().encode(name) };
}

/** Stores a run as somebody who edits it does: the version counts up, no origin. */
export async function edit(store: RunStore, run: AgentRun): Promise<void> {
  const put = { kind: 'put', run, digest: digestOf(run), expect: {}, stamps: 'next' } as const;
  await store.write([put], { atomic: true });
}

/** Deletes a run as somebody does by hand. */
export async function remove(store: RunStore, id: string): Promise<void> {
  await store.write([{ kind: 'delete', id, expect: {} }], { atomic: true });
}

/** Every run of a store, oldest first. */
export async function runsOf(store: RunStore) {
  const request = { filter: {}, order: 'oldest', after: null, limit: 10_000 } as const;
  return await store.page({ ...request, maxBytes: 1e9 });
}
