import type { AgentRun } from '../domain/run.ts';
import type { QuarantineItem } from './run-store.ts';

/** A file that an agent wrote, as it was when it was looked at. */
export interface Transcript {
  /** Absolute. */
  path: string;
  /** Bytes on disk. */
  size: number;
  /** Milliseconds since 1970. */
  modifiedAt: number;
  /**
   * What it holds from its beginning, unpacked where it is packed. Each piece is valid until the next is
   * asked for. Rejects with the system's error where it cannot be read.
   */
  bytes(): AsyncIterable<Buffer>;
}

/** A file that has not changed for so many milliseconds is not being written any more. */
export const QUIET_MS = 10 * 60_000;

/** What tells where agents keep their files. */
export interface ImportEnvironment {
  /** The user's home folder, absolute. */
  home: string;
  variables: Readonly<Record<string, string | undefined>>;
}

/** What an importer is told while it reads, and tells. */
export interface ReadContext {
  /** Now, in milliseconds since 1970: a run that stops in a file that has just changed is still RUNNING. */
  now: number;
  /**
   * Says that a file holds what may stand in others too, by a name that it has everywhere: the id of a
   * line, a message, a session. Files with one name in common are read together from then on.
   */
  link(file: Transcript, name: string): void;
}

/**
 * What a file holds: a run in its normal form, by the place where it begins, or something that could not
 * be taken, whose origin is the path of the file.
 */
export type ImportedItem =
  | { kind: 'run'; name: string; run: AgentRun }
  | { kind: 'set-aside'; item: QuarantineItem };

/** One agent's history. Adding an agent is a folder with such an object, and a row in `registry.ts`. */
export interface Importer {
  /** What commands and `agent` of runs call it, such as `claude-code`. Never renamed. */
  readonly name: string;
  /** What people call the agent. */
  readonly title: string;
  /**
   * The folders on this machine that the agent keeps its files in, absolute, whether they are there or not.
   * None for what has no place of its own.
   */
  folders(environment: ImportEnvironment): string[];
  /**
   * The agent's files in a folder and those below it, by path; none where there is no such folder. Rejects
   * with STORE_FAILED where it cannot be read.
   */
  filesIn(folder: string): Promise<Transcript[]>;
  /**
   * What files that are read together have in common, told by the path alone: the session that a file of
   * a subagent belongs to. Absent where each file stands for itself.
   */
  groupOf?(path: string): string;
  /**
   * What these files hold: runs in their normal form, and what could not be read, each with file and
   * line. It does not depend on the order of the files. A run that stands in several is given once.
   */
  read(files: readonly Transcript[], context: ReadContext): AsyncIterable<ImportedItem>;
}
