import { type DataSource, MoreThanOrEqual } from 'typeorm';
import { AgentRunEntity } from './entities/agent-run.ts';
import type { AgentRun } from './rows.ts';
import { decodeText } from './text-encoding.ts';

/** The runs that failed since a moment, newest first, with their prompts and errors. */
export function failedRuns(runs: DataSource, since: Date): Promise<AgentRun[]> {
  return runs.getRepository(AgentRunEntity).find({
    where: { status: 'FAILED', startedAt: MoreThanOrEqual(since) },
    relations: { input: true, error: true },
    order: { startedAt: 'DESC' },
  });
}

/** How the runs of a repository did. */
export interface RepositoryPerformance {
  repository: string;
  totalRuns: number;
  /** Milliseconds; null where no run knows its duration. */
  averageDuration: number | null;
  p95Duration: number | null;
  /** 0 to 1. */
  successRate: number;
}

/** How the runs since a moment did, by repository, the busiest first. */
export async function performanceByRepository(
  runs: DataSource,
  since: Date,
): Promise<RepositoryPerformance[]> {
  const rows = await runs
    .getRepository(AgentRunEntity)
    .createQueryBuilder('run')
    .select('run.repository', 'repository')
    .addSelect('COUNT(*)', 'totalRuns')
    .addSelect('AVG(run.duration)', 'averageDuration')
    .addSelect('percentile_cont(run.duration, 0.95)', 'p95Duration')
    .addSelect("AVG(run.status = 'SUCCESS')", 'successRate')
    // A query builder hands parameters on as they are: a time is its milliseconds, never a Date.
    .where('run.startedAt >= :since', { since: since.getTime() })
    .groupBy('run.repository')
    .orderBy('COUNT(*)', 'DESC')
    .addOrderBy('run.repository')
    .getRawMany<RepositoryPerformance>();
  // And raw rows are as the table has them.
  return rows.map((row) => ({ ...row, repository: decodeText(row.repository) }));
}

/**
 * The runs whose prompt contains every one of these words, newest first, ten at most. Reads the prompts
 * of all runs; `search` of Runledger knows word forms and has an index.
 */
export function runsAbout(runs: DataSource, words: readonly string[]): Promise<AgentRun[]> {
  const query = runs
    .getRepository(AgentRunEntity)
    .createQueryBuilder('run')
    .innerJoinAndSelect('run.input', 'input')
    .orderBy('run.startedAt', 'DESC')
    .limit(10);
  for (const [at, word] of words.entries()) {
    // LIKE would take % and _ in a word for wildcards.
    query.andWhere(`instr(lower(input.prompt), lower(:word${at})) > 0`, { [`word${at}`]: word });
  }
  return query.getMany();
}
