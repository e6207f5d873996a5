import type { DataSource } from 'typeorm';
import { putTextsBack } from '../../../../examples/typeorm/put-texts-back.ts';
import type { AgentRun, RunStep } from '../../../../examples/typeorm/rows.ts';

/** The run that an entity stands for, in the shape of `findById`: every column has its place in it. */
export async function runOfRow(runs: DataSource, row: AgentRun): Promise<unknown> {
  const { input, output, error, steps } = row;
  const source = {
    ...said({ key: row.sourceKey, location: row.sourceLocation }),
    ...row.sourceExtra,
  };
  return {
    ...said({
      id: row.id,
      repository: row.repository,
      status: row.status,
      startedAt: row.startedAt.toISOString(),
      completedAt: row.completedAt?.toISOString(),
      duration: row.duration,
      input: input && {
        prompt: input.prompt,
        diff: input.diff,
        recentCommits: input.recentCommits,
        model: input.model,
        temperature: input.temperature,
        ...input.extra,
      },
      output: output && {
        message: output.message,
        confidence: output.confidence,
        ...said({ reasoning: output.reasoning }),
        rawResponse: output.rawResponse,
        tokensUsed: output.tokensUsed,
        ...output.extra,
      },
      error: error && {
        code: error.code,
        message: error.message,
        ...said({ stackTrace: error.stackTrace }),
        recoverable: error.recoverable,
        ...error.extra,
      },
      retryCount: row.retryCount,
      parentRunId: row.parentRunId,
      agent: row.agent,
      sessionId: row.sessionId,
      callerRunId: row.callerRunId,
      branch: row.branch,
      workingDirectory: row.workingDirectory,
      tags: row.tags,
      metadata: row.metadata,
      usage: row.hasUsage ? usageOf(row) : null,
      costMicroUsd: row.costMicroUsd,
      steps: row.stepCount === null ? null : await stepsOf(runs, steps ?? []),
      source: row.sourceKey === null ? null : source,
      statusSource: row.statusSource,
      version: row.version,
      createdAt: row.createdAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
    }),
    ...row.extra,
  };
}

function usageOf(row: AgentRun): object {
  const { inputTokens, cacheReadTokens, cacheWrite5mTokens } = row;
  const { cacheWrite1hTokens, outputTokens, reasoningTokens, usageExtra } = row;
  const counts = { inputTokens, cacheReadTokens, cacheWrite5mTokens };
  return { ...counts, cacheWrite1hTokens, outputTokens, reasoningTokens, ...usageExtra };
}

async function stepsOf(runs: DataSource, steps: readonly RunStep[]): Promise<unknown[]> {
  const members = steps
    .toSorted((a, b) => a.ordinal - b.ordinal)
    .map(({ runId: _, ordinal: _1, startedAt, extra, ...step }) => ({
      ...said({ ...step, startedAt: startedAt?.toISOString() }),
      ...extra,
    }));
  return (await putTextsBack(runs, members)) as unknown[];
}

/** The members that say something. */
function said(members: object): object {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== null && value !== undefined),
  );
}
