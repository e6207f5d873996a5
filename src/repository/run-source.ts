import type { AgentRun } from '../domain/run.ts';
import type { QuarantineItem } from './run-store.ts';

/** What a source holds: a run, or something that could not be read as one. */
export type SourceItem =
  | { kind: 'run'; name: string; run: AgentRun; digest: string }
  | { kind: 'set-aside'; item: QuarantineItem };

/** Anything that runs can be copied from: the smallest shape that `services/copy` asks for. */
export interface RunSource {
  /** Names the source in ledgers, quarantines and reports: an absolute address without secrets. */
  readonly origin: string;
  /** How many items there are, for a progress bar; null where counting is not cheap. */
  count(): Promise<number | null>;
  /** Everything it holds, one after another; memory does not grow with the number of items. */
  items(): AsyncIterable<SourceItem>;
}
