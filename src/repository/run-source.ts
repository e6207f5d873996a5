import type { AgentRun } from '../domain/run.ts';
import type { QuarantineItem } from './run-store.ts';

/**
 * What a source holds: a run, something that could not be read as one, or the news that a run given
 * earlier was deleted while the source was read. A run that changes in the meantime is given again:
 * of two equal ids the later counts.
 */
export type SourceItem =
  | { kind: 'run'; name: string; run: AgentRun; digest: string }
  | { kind: 'set-aside'; item: QuarantineItem }
  | { kind: 'deleted'; id: string };

/** Anything that runs can be copied from: the smallest shape that `services/copy` asks for. */
export interface RunSource {
  /** Names the source in ledgers, quarantines and reports: an absolute address without secrets. */
  readonly origin: string;
  /** How many items there are, for a progress bar; null where counting is not cheap. */
  count(): Promise<number | null>;
  /**
   * Everything it holds, one after another; memory does not grow with the size of the runs. Fails
   * with a `RunledgerError` where the source as a whole cannot be read on.
   */
  items(): AsyncIterable<SourceItem>;
  /** What a run is known to have been here. */
  pastOf(id: string): Promise<RunPast>;
}

/** The states that a run went through. */
export interface RunPast {
  /** Its digests, oldest first, today's among them; none for a run that was never here. */
  digests: readonly string[];
  /** Whether that is all of them: false where it may have been something else before. */
  isWhole: boolean;
}
