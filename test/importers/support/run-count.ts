import type { AgentRun, StepKind, Usage } from '../../../src/domain/run.ts';

/** What runs hold, in figures that a naive reading can count too. */
export interface RunCount {
  runs: number;
  steps: Record<StepKind, number>;
  /** Null where no run states any. */
  usage: Record<keyof Usage, number | null>;
}

/** The figures of these runs; the usage of their model calls is that of the runs. */
export function countOf(runs: readonly AgentRun[]): RunCount {
  const steps = runs.flatMap((run) => run.steps ?? []);
  const number = (kind: StepKind) => steps.filter((step) => step.kind === kind).length;
  return {
    runs: runs.length,
    steps: {
      model_call: number('model_call'),
      tool_call: number('tool_call'),
      message: number('message'),
      event: number('event'),
    },
    usage: usageOf(runs.map(({ usage }) => usage)),
  };
}

/** The sum of what is stated, part by part. */
export function usageOf(usages: readonly (Usage | undefined)[]): RunCount['usage'] {
  const sum = (part: keyof Usage) => {
    const known = usages.map((usage) => usage?.[part]).filter((value) => typeof value === 'number');
    return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
  };
  return {
    inputTokens: sum('inputTokens'),
    cacheReadTokens: sum('cacheReadTokens'),
    cacheWrite5mTokens: sum('cacheWrite5mTokens'),
    cacheWrite1hTokens: sum('cacheWrite1hTokens'),
    outputTokens: sum('outputTokens'),
    reasoningTokens: sum('reasoningTokens'),
  };
}
