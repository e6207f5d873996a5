import type { RunStatistics } from '../domain/statistics.ts';
import type { RunStatus } from './run-status.ts';

/** The figures of all runs in the old shape. */
export interface OldStatistics {
  total: number;
  /** Only statuses that occur are in it. */
  byStatus: Record<RunStatus, number>;
  /** Runs by repository. */
  byRepository: Record<string, number>;
  /** Milliseconds, over the runs that have a duration; 0 when none has. */
  averageDuration: number;
  /**
   * SUCCESS / (SUCCESS + FAILED), 0 to 1; 0 when there is neither. The contract's success rate is
   * another: it divides by all runs.
   */
  successRate: number;
}

/** The figures of the contract in the old shape. */
export function toOldStatistics(statistics: RunStatistics): OldStatistics {
  const { totalRuns, byStatus, byRepository, averageDuration } = statistics;
  const decided = byStatus.SUCCESS + byStatus.FAILED;
  return {
    total: totalRuns,
    byStatus: Object.fromEntries(
      Object.entries(byStatus).filter(([, count]) => count > 0),
    ) as OldStatistics['byStatus'],
    byRepository: Object.fromEntries(
      byRepository.map(({ repository, totalRuns: count }) => [repository, count]),
    ),
    averageDuration: averageDuration ?? 0,
    successRate: decided === 0 ? 0 : byStatus.SUCCESS / decided,
  };
}
