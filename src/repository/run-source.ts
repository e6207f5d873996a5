import type { AgentRun } from '../domain/run.ts';
import type { ImportedFile, ImportedFileChange } from './imported-file.ts';
import type { QuarantineItem, RunStore } from './run-store.ts';

/**
 * What a source holds: a run, something that could not be read as one, or the news that a run given
 * earlier was deleted while the source was read. A run that changes in the meantime is given again:
 * of two equal ids the later counts. A file that runs were imported from comes with its pieces, in portions
 * one after another, the last of which is whole. A mark, which only the source can read, stands for all that was
 * given before it.
 */
export type SourceItem =
  | { kind: 'run'; name: string; run: AgentRun; digest: string }
  | { kind: 'set-aside'; item: QuarantineItem }
  | { kind: 'file'; change: ImportedFileChange; isWhole: boolean }
  | { kind: 'deleted'; id: string }
  | { kind: 'mark'; mark: string };

/** Which part of a source is read; all of it where nothing is said. */
export interface SourceRange {
  /** What comes after this mark, with all that was changed or deleted since it was given. */
  after?: string;
  /** The runs alone that stand before this mark, as they are now. */
  until?: string;
  /** False: without what could not be read as a run. Default true. */
  withSetAside?: boolean;
  /** Which files that runs were imported from; none where this is left out. Only with what is set aside. */
  files?: (file: ImportedFile) => boolean;
}

/** Anything that runs can be copied from: the smallest shape that `services/copy` asks for. */
export interface RunSource {
  /** Names the source in ledgers, quarantines and reports: an absolute address without secrets. */
  readonly origin: string;
  /** How many items there are, for a progress bar; null where counting is not cheap. */
  count(): Promise<number | null>;
  /**
   * Everything it holds, one after another; memory does not grow with the size of the runs. Fails
   * with a `RunledgerError` where the source as a whole cannot be read on, and with POSITION_UNKNOWN for
   * a mark that it does not know.
   */
  items(range?: SourceRange): AsyncIterable<SourceItem>;
  /** Whether it can go on from a mark. Absent where a source gives none, and is read whole each time. */
  knows?(mark: string): Promise<boolean>;
  /** These runs as they are now, or that they are not there. Absent where a source gives no marks. */
  only?(ids: readonly string[]): AsyncIterable<SourceItem>;
  /** The ids of runs that were changed after a mark, also by what comes after no mark yet. */
  changedSince?(mark: string): Promise<Set<string>>;
  /** Whether this store is the source itself, by whatever name. Absent where a source is no store. */
  isStore?(store: RunStore): Promise<boolean>;
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
