import type { AgentRun, Usage } from '../../domain/run.ts';
import { addUsage, sumUsage, type UsageTotals } from '../../domain/statistics.ts';
import { emptyReport, type ImportReport } from './import-report.ts';

/** What is counted of a run. */
export interface RunFacts {
  sessionId: string | undefined;
  steps: number;
  usage: Usage | undefined;
  costMicroUsd: number | undefined;
}

/** What is counted of this run. */
export function factsOf({ sessionId, steps, usage, costMicroUsd }: AgentRun): RunFacts {
  return { sessionId, steps: steps?.length ?? 0, usage, costMicroUsd };
}

interface FileTally {
  runs: number;
  steps: number;
  sessions: Set<string>;
  usage: UsageTotals | null;
  costMicroUsd: number | null;
  runsWithoutUsage: number;
  runsWithoutCost: number;
  setAside: ReadonlyMap<string, string>;
}

/** Sums up what files gave. A file that is read once more counts as it was read last. */
export class ImportTally {
  readonly #report = emptyReport();
  readonly #files = new Map<string, FileTally>();

  /** What is counted while the import goes on. */
  get report(): ImportReport {
    return this.#report;
  }

  /** Takes the runs of a file, each once, and what in it could not be taken: reasons by place. */
  set(path: string, facts: Iterable<RunFacts>, setAside: ReadonlyMap<string, string>): void {
    const file: FileTally = {
      ...{ runs: 0, steps: 0, sessions: new Set(), usage: null, costMicroUsd: null },
      ...{ runsWithoutUsage: 0, runsWithoutCost: 0, setAside },
    };
    for (const { sessionId, steps, usage, costMicroUsd } of facts) {
      file.runs += 1;
      file.steps += steps;
      if (sessionId !== undefined) file.sessions.add(sessionId);
      if (usage === undefined) file.runsWithoutUsage += 1;
      else file.usage = addUsage(file.usage ?? sumUsage([]), sumUsage([usage]));
      if (costMicroUsd === undefined) file.runsWithoutCost += 1;
      else file.costMicroUsd = (file.costMicroUsd ?? 0) + costMicroUsd;
    }
    this.#files.set(path, file);
  }

  /** What all of it came to. */
  sum(): ImportReport {
    const report = this.#report;
    const sessions = new Set<string>();
    let costMicroUsd: number | null = null;
    for (const [path, file] of this.#files) {
      report.read += file.runs;
      report.runs += file.runs;
      report.steps += file.steps;
      for (const session of file.sessions) sessions.add(session);
      if (file.usage !== null) report.usage = addUsage(report.usage ?? sumUsage([]), file.usage);
      if (file.costMicroUsd !== null) costMicroUsd = (costMicroUsd ?? 0) + file.costMicroUsd;
      report.runsWithoutUsage += file.runsWithoutUsage;
      report.runsWithoutCost += file.runsWithoutCost;
      for (const [name, reason] of file.setAside) {
        report.setAside.push({ source: `${path} ${name}`, reason });
      }
    }
    report.sessions = sessions.size;
    report.costUsd = costMicroUsd === null ? null : costMicroUsd / 1e6;
    return report;
  }
}
