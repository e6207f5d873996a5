import type { RunSource, SourceItem } from '../repository/run-source.ts';

/** A file that an agent wrote, as it was when it was looked at. */
export interface TranscriptFile {
  /** Absolute. */
  path: string;
  /** Bytes. */
  size: number;
  /** Milliseconds since 1970. */
  modifiedAt: number;
}

/** What tells where agents keep their files. */
export interface ImportEnvironment {
  /** The user's home folder, absolute. */
  home: string;
  variables: Readonly<Record<string, string | undefined>>;
}

/** How files are read. */
export interface ReadFilesOptions {
  /** What these files are called in quarantines and reports: an absolute address without secrets. */
  origin: string;
  /** Now, in milliseconds since 1970: a run that stops in a file that has just changed is still RUNNING. */
  now: number;
}

/** One agent's history. Adding an agent is a folder with such an object, and a row in `registry.ts`. */
export interface Importer {
  /** What commands and `agent` of runs call it, such as `claude-code`. Never renamed. */
  readonly name: string;
  /** What people call the agent. */
  readonly title: string;
  /**
   * The agent's files on this machine, by path; none where the agent never ran. Rejects with
   * STORE_FAILED where a folder that is there cannot be read.
   */
  discover(environment: ImportEnvironment): Promise<TranscriptFile[]>;
  /**
   * What these files hold: runs in their normal form, and what could not be read, each with file and
   * line. It does not depend on the order of the files. A run that stands in several is given once.
   */
  read(files: readonly TranscriptFile[], options: ReadFilesOptions): AsyncIterable<SourceItem>;
}

/** Files of an agent as something that runs can be copied from. They are only read, whole each time. */
export function importSource(
  importer: Importer,
  files: readonly TranscriptFile[],
  options: ReadFilesOptions,
): RunSource {
  return {
    origin: options.origin,
    // How many runs there are is known when all is read.
    count: async () => null,
    items: () => importer.read(files, options),
    // A transcript grows; what a run was before is not in it.
    pastOf: async () => ({ digests: [], isWhole: false }),
  };
}
