import type { RunRepository } from '../repository/run-repository.ts';
import type { RunStore } from '../repository/run-store.ts';

/** Any test runner that registers tests by name, such as vitest or `node:test`. */
export interface ConformanceRunner {
  describe(name: string, body: () => void): unknown;
  test(name: string, body: () => Promise<void>): unknown;
}

/** One store under test: the repository that callers see, and the port behind it. */
export interface ConformanceSubject {
  repository: RunRepository;
  store: RunStore;
  /** Closes the store and opens it again from what it left; a store that is not durable has none. */
  reopen?(): Promise<ConformanceSubject>;
  /** Closes the store and clears away what it left. A second call does nothing. */
  close(): Promise<void>;
}

/** What the suite is run over. */
export interface ConformanceOptions {
  /** Names the store in the titles of the tests. */
  name: string;
  /** The themes that are run, by their titles. Default all. */
  themes?: readonly string[];
  /** A fresh, empty store with each call; several may be open at the same time. */
  open(): Promise<ConformanceSubject>;
}

/** What a theme of the suite registers its tests with. */
export interface Suite {
  /** A test with a fresh store, which is closed at its end, whichever way it ends. */
  test(name: string, body: (subject: ConformanceSubject) => Promise<void>): void;
  /** One more fresh store, for tests that need two; the caller closes it. */
  open(): Promise<ConformanceSubject>;
}
