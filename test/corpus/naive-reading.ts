import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A run as its file says it, old status words resolved. */
export interface NaiveRun {
  id: string;
  repository: string;
  status: string;
  startedAt: string;
  duration?: number;
  input: { prompt: string };
  output?: { message: string };
  error?: { code: string; message: string; recoverable: boolean };
  metadata?: object;
}

const WORDS: Record<string, string> = {
  PENDING: 'QUEUED',
  STARTED: 'RUNNING',
  COMPLETED: 'SUCCESS',
  TIMEOUT: 'FAILED',
};

/**
 * The good runs of a folder in the plainest way, with nothing of Runledger: what the tests compare
 * with must not share its mistakes.
 */
export function naiveRuns(folder: string): NaiveRun[] {
  const runs = new Map<string, NaiveRun>();
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.json'))) {
    const run = naiveRun(join(folder, name));
    if (run === undefined) continue;
    if (!runs.has(run.id) || name === `${run.id}.json`) runs.set(run.id, run);
  }
  return [...runs.values()];
}

function naiveRun(path: string): NaiveRun | undefined {
  if (!statSync(path).isFile()) return undefined;
  let run: NaiveRun;
  try {
    run = JSON.parse(readFileSync(path, 'utf8').replace(/^\ufeff/, ''));
  } catch {
    // The broken files are what the other tests count.
    return undefined;
  }
  const isRun = typeof run.id === 'string' && ['number', 'undefined'].includes(typeof run.duration);
  if (!isRun) return undefined;
  const word = run.status;
  const status = WORDS[word];
  if (status === undefined) return run;
  const message = 'The run took longer than its time limit.';
  const error =
    run.error ?? (word === 'TIMEOUT' && { code: 'TIMEOUT', message, recoverable: true });
  return { ...run, status, metadata: { sourceStatus: word }, ...(error && { error }) };
}

/** Counts, averages and percentiles, each worked out from the runs alone. */
export function naiveFigures(runs: readonly NaiveRun[]) {
  const statuses = ['QUEUED', 'RUNNING', 'SUCCESS', 'FAILED', 'CANCELLED', 'RETRYING'];
  const count = (status: string) => runs.filter((run) => run.status === status).length;
  const repositories = [...new Set(runs.map(({ repository }) => repository))];
  return {
    counts: {
      totalRuns: runs.length,
      retiredRuns: 0,
      byStatus: Object.fromEntries(statuses.map((status) => [status, count(status)])),
      successRate: count('SUCCESS') / runs.length,
      usage: null,
      costUsd: null,
      runsWithoutCost: runs.length,
    },
    averageDuration: average(durationsOf(runs)) ?? Number.NaN,
    p95Duration: p95(durationsOf(runs)) ?? Number.NaN,
    byRepository: Object.fromEntries(
      repositories.map((name) => {
        const own = runs.filter(({ repository }) => repository === name);
        const durations = durationsOf(own);
        const last = own
          .map(({ startedAt }) => startedAt)
          .sort()
          .at(-1);
        const figures = [average(durations)?.toFixed(6), p95(durations)?.toFixed(6)];
        return [name, [own.length, last, ...figures]];
      }),
    ),
  };
}

/** Ids of the runs that hold each word of the query as a word, newest first. */
export function naiveSearch(runs: readonly NaiveRun[], query: string): string[] {
  const words = query
    .split(' ')
    .map((word) => new RegExp(`(?<![a-z0-9])${word}s?(?![a-z0-9])`, 'i'));
  return runs
    .filter(({ input, output, error }) => {
      const texts = `${input.prompt}\n${output?.message}\n${error?.message}`;
      return words.every((word) => word.test(texts));
    })
    .sort((a, b) => (a.startedAt + a.id < b.startedAt + b.id ? 1 : -1))
    .map(({ id }) => id);
}

function durationsOf(runs: readonly NaiveRun[]): number[] {
  return runs.flatMap(({ duration }) => (duration === undefined ? [] : [duration]));
}

function average(values: readonly number[]): number | undefined {
  let total = 0;
  for (const value of values) total += value;
  return values.length === 0 ? undefined : total / values.length;
}

/** PERCENTILE_CONT(0.95), by hand: between two neighbours the share of the way is taken. */
function p95(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = 0.95 * (sorted.length - 1);
  const below = sorted[Math.trunc(rank)];
  const above = sorted[Math.trunc(rank) + 1] ?? below;
  if (below === undefined || above === undefined) return undefined;
  const share = rank - Math.trunc(rank);
  return (1 - share) * below + share * above;
}
