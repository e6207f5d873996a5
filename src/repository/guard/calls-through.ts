import type { OpenState } from './open-state.ts';

/** Any call of a store. */
export type Call = (...given: unknown[]) => Promise<unknown>;

/** The same calls, each changed. */
export function mapCalls<T extends object>(calls: T, change: (call: Call) => Call): T {
  const changed = Object.entries(calls).map(([name, call]: [string, Call]) => [name, change(call)]);
  return Object.fromEntries(changed) as T;
}

/** The same calls, each made through `state`: CLOSED once that is closed, and waited for by its end. */
export function callsThrough<T extends object>(state: OpenState, calls: T): T {
  return mapCalls(
    calls,
    (call) =>
      (...given) =>
        state.call(() => call(...given)),
  );
}
