import type { ImportedFileKey } from '../../repository/imported-file.ts';

/** How two stores differ in something that one of them has. */
export type Difference = 'only in the first' | 'only in the second' | 'differs';

/** What a comparison of two stores found. */
export interface CompareReport {
  /** Runs that are in one of them or in both. */
  compared: number;
  /** Runs that are equal by their digests, computed anew from what both have. */
  equal: number;
  /** The others, in the order of their ids. */
  differences: { id: string; what: Difference }[];
  /** What is put aside otherwise, by origin and name. */
  setAside: { origin: string; name: string; what: Difference }[];
  /** Files that runs were imported from, of which one knows or keeps something else. */
  files: (ImportedFileKey & { what: Difference })[];
}

/** How far a comparison is. */
export interface CompareProgress {
  /** Comparing runs, and looking once more at those that differed. */
  phase: 'compare' | 'again';
  done: number;
  /** About how many there are. */
  total: number;
}

/** How stores are compared. */
export interface CompareOptions {
  onProgress?: (progress: CompareProgress) => void;
  /** Ends it between two runs. */
  signal?: AbortSignal;
}
