import type { QuarantineItem, RunStore } from './run-store.ts';

/** What a store keeps that is no run, one by one: together the bytes could be very many. */
export async function* setAsideItems(store: RunStore): AsyncGenerator<QuarantineItem, void, void> {
  for (const { origin, name } of await store.quarantined(undefined, { withBytes: false })) {
    yield* await store.quarantined(origin, { name });
  }
}
