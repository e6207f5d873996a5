import type { OpenState } from './open-state.ts';

type Call = (...given: unknown[]) => Promise<unknown>;

/** The same calls, each made through `state`: CLOSED once that is closed, and waited for by its end. */
export function callsThrough<T extends object>(state: OpenState, calls: T): T {
  const through = Object.entries(calls).map(([name, call]: [string, Call]) => [
    name,
    (...given: unknown[]) => state.call(() => call(...given)),
  ]);
  return Object.fromEntries(through) as T;
}
