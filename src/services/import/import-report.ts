import { addUsage, type UsageTotals } from '../../domain/statistics.ts';

/** What an import did; the document that `import --json` prints, but for its version. */
export interface ImportReport {
  /** Runs that the files gave that were read. */
  read: number;
  /** Runs inserted or replaced in the store. */
  written: number;
  /** Runs that the store had already as they are. */
  unchanged: number;
  /** Runs taken out of the store: what they were made of turned out to belong to others. */
  deleted: number;
  /** Runs that somebody deleted in the store since they were imported; they stay deleted. */
  leftDeleted: number;
  /** What could not be taken, by file and place; the store's quarantine has it. */
  setAside: { source: string; reason: string }[];
  /** Files that are shorter than they were, or others than they were; what they held before is kept. */
  replaced: { path: string; reason: string }[];
  /** Runs that were read back from the store and have the digest they should have. */
  verified: number;
  /** Ids of runs that were changed in the store by somebody else, and left so. Sorted. */
  differences: string[];
  /** Files that were found; of them those that were read, because they are new or have changed. */
  files: number;
  filesRead: number;
  /** Bytes on disk of the files that were read. */
  bytes: number;
  /** The same as `read`, for whoever compares with `sessions` and `steps`. */
  runs: number;
  sessions: number;
  steps: number;
  /** The tokens of the runs read; null where none of them knows any. */
  usage: UsageTotals | null;
  /** US dollars for those of them that know it; null where none does. */
  costUsd: number | null;
  runsWithoutUsage: number;
  runsWithoutCost: number;
}

/** An import that read nothing. */
export function emptyReport(): ImportReport {
  return {
    ...{ read: 0, written: 0, unchanged: 0, deleted: 0, leftDeleted: 0, setAside: [] },
    ...{ replaced: [], verified: 0, differences: [], files: 0, filesRead: 0, bytes: 0 },
    ...{ runs: 0, sessions: 0, steps: 0, usage: null, costUsd: null },
    ...{ runsWithoutUsage: 0, runsWithoutCost: 0 },
  };
}

/** Several imports together. */
export function sumReports(reports: readonly ImportReport[]): ImportReport {
  return reports.reduce((sum, one) => {
    const total: Record<string, unknown> = {};
    for (const name of Object.keys(sum) as (keyof ImportReport)[]) {
      const [a, b] = [sum[name], one[name]];
      if (Array.isArray(a) && Array.isArray(b)) total[name] = [...a, ...b];
      else if (typeof a === 'number' && typeof b === 'number') total[name] = a + b;
      else total[name] = a ?? b;
    }
    const usage =
      sum.usage && one.usage ? addUsage(sum.usage, one.usage) : (sum.usage ?? one.usage);
    return { ...(total as unknown as ImportReport), usage };
  }, emptyReport());
}

/** How far an import is. */
export interface ImportProgress {
  /** Reading files, reading runs back, taking them into the search index. */
  phase: 'read' | 'verify' | 'index';
  /** Bytes where files are read, runs otherwise. */
  done: number;
  /** Null where it is not known. */
  total: number | null;
}
