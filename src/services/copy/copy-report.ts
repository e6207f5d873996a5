/** What a copy did; the document that `migrate --json` prints, but for its version. */
export interface CopyReport {
  /**
   * Runs that the source gave. One that changed while the source was read is given again; it counts
   * once for each batch of the copy that it is in.
   */
  read: number;
  /** Runs inserted or replaced on the other side. */
  written: number;
  /** Runs that the other side had already, has in a later state, or had until somebody deleted them. */
  unchanged: number;
  /** Runs deleted on the other side, because the source's ledger says that they were deleted there. */
  deleted: number;
  /** What could not be read as a run, by its name in the source; the other side's quarantine has it. */
  setAside: { source: string; reason: string }[];
  /** Files that runs were imported from which were copied, with what was kept of their bytes. */
  files: number;
  /**
   * Paths of files whose bytes did not arrive as they were given, or where the other side knows another file,
   * which was left. Sorted.
   */
  fileDifferences: string[];
  /** Runs that were read back from the other side and have the digest they should have. */
  verified: number;
  /**
   * Ids of runs that are not equal on both sides: changed on the other side by somebody else and
   * therefore left alone, or not found there as they were written. Sorted.
   */
  differences: string[];
  /** Those of them that were changed on the other side by somebody else. Sorted. */
  conflicts: string[];
  /**
   * Ids of runs that came from this source and are not there any more, though no ledger says that anybody
   * deleted them: they stay. Looked for where a follower begins anew, and where the source is closed. Sorted.
   */
  gone: string[];
  /** True where it went on from a copy that had ended early, whose figures are in these. */
  isResumed: boolean;
}

/** How far a copy got. */
export interface CopyProgress {
  /** Copying runs, reading them back, taking them into the search index. */
  phase: 'copy' | 'verify' | 'index';
  done: number;
  /** Null where it is not known. */
  total: number | null;
}

/**
 * What is read back to prove a copy: every run, some of each batch, or nothing, which trusts the store.
 */
export type Verification = 'full' | 'sample' | 'none';

/** Whose state stays where a run was changed on both sides: the source's or the target's. */
export type ConflictWinner = 'source' | 'target';

/** How a copy is made. */
export interface CopyOptions {
  /** Default `full`. */
  verify?: Verification;
  /** Left out, a conflict is told, and the target left as it is. */
  onConflict?: ConflictWinner;
  /** Called now and then, for a bar. */
  onProgress?: (progress: CopyProgress) => void;
  /** Ends the copy between two batches. */
  signal?: AbortSignal;
}
