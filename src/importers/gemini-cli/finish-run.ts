import type { AgentRun } from '../../domain/run.ts';
import { optional } from '../reading/fields.ts';
import { unfinished } from '../reading/unfinished.ts';
import { sumOfUsage } from '../reading/usage.ts';
import { AGENT } from './agent.ts';
import type { ProjectFolder } from './project-folder.ts';
import type { RunDraft } from './session-runs.ts';

/** What a run needs to know of the session around it. */
export interface RunSurroundings {
  folder: ProjectFolder;
  /** The session was written to just now, and nothing comes after this run. */
  mayGrow: boolean;
}

/** A run from what was read of it. Its status is concluded; Gemini CLI writes none down. */
export function finishRun(draft: RunDraft, { folder, mayGrow }: RunSurroundings): AgentRun {
  const { id, key, begin, prompt, steps, usages, answer } = draft;
  const startedAt = draft.startedAt ?? new Date(begin.file.modifiedAt).toISOString();
  const outcome = outcomeOf(draft, mayGrow);
  const isOver = outcome.status !== 'RUNNING';
  const end = draft.lastWorkAt ?? startedAt;
  const completedAt = end > startedAt ? end : startedAt;
  for (const step of steps) {
    const isOpen = step.kind === 'tool_call' && step.status === undefined;
    if (isOpen && !isOver) step.status = 'RUNNING';
  }
  return {
    id,
    repository: folder.repository,
    ...outcome,
    startedAt,
    ...(isOver && { completedAt, duration: Date.parse(completedAt) - Date.parse(startedAt) }),
    input: {
      prompt: prompt ?? '',
      diff: '',
      recentCommits: [],
      model: draft.model ?? null,
      temperature: null,
    },
    ...(answer !== undefined && {
      output: { message: answer, confidence: null, rawResponse: '', tokensUsed: null },
    }),
    retryCount: 0,
    agent: AGENT,
    ...optional('sessionId', draft.sessionId),
    ...optional('callerRunId', draft.callerRunId),
    ...optional('workingDirectory', folder.path),
    metadata: {
      ...optional('projectHash', folder.hash),
      ...(prompt === undefined && { hasPrompt: false }),
      ...(draft.startedAt === undefined && { startedAtFrom: 'file' }),
    },
    ...optional('usage', sumOfUsage(usages)),
    steps,
    source: { key, location: begin.file.path },
    statusSource: 'inferred',
  };
}

function outcomeOf(
  { ending, error }: RunDraft,
  mayGrow: boolean,
): Pick<AgentRun, 'status' | 'error'> {
  if (ending === 'answer') return { status: 'SUCCESS' };
  if (ending === 'cancelled') return { status: 'CANCELLED' };
  if (ending === 'error') {
    return {
      status: 'FAILED',
      error: { code: 'AGENT_ERROR', message: error ?? '', recoverable: true },
    };
  }
  return unfinished(mayGrow);
}
