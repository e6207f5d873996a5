import type { AgentRun } from '../../domain/run.ts';
import { completeCall } from '../reading/call-draft.ts';
import { sumOfCost } from '../reading/cost.ts';
import { optional } from '../reading/fields.ts';
import { settled } from '../reading/run-draft.ts';
import { unfinished } from '../reading/unfinished.ts';
import { sumOfUsage } from '../reading/usage.ts';
import { AGENT } from './agent.ts';
import type { RunDraft } from './run-draft.ts';

/** What a run needs to know of the file around it. */
export interface RunSurroundings {
  path: string;
  /** When the file changed last, for a run in which no line has a time: ISO 8601. */
  modifiedAt: string;
  /** The file changed just now, and nothing comes after this run. */
  mayGrow: boolean;
  repository: string;
}

/** A run from what was read of it. Its status is concluded; Claude Code writes none down. */
export function finishRun(draft: RunDraft, around: RunSurroundings): AgentRun {
  const startedAt = draft.startedAt ?? around.modifiedAt;
  const startFrom = draft.startedAt === undefined ? 'file' : draft.startFrom;
  const outcome = outcomeOf(draft, around.mayGrow);
  const isOver = outcome.status !== 'RUNNING';
  const end = draft.lastWorkAt ?? startedAt;
  const completedAt = end > startedAt ? end : startedAt;
  for (const call of draft.calls) completeCall(call);
  const message = draft.calls.findLast(({ texts }) => texts.length > 0)?.texts.join('\n\n');
  return {
    id: draft.id,
    repository: around.repository,
    ...outcome,
    startedAt,
    ...(isOver && {
      completedAt,
      duration: Date.parse(completedAt) - Date.parse(startedAt),
    }),
    input: {
      prompt: draft.prompt.join('\n\n'),
      diff: '',
      recentCommits: [],
      model: draft.calls.find(({ step }) => step.model !== undefined)?.step.model ?? null,
      temperature: null,
    },
    ...(message !== undefined && {
      output: { message, confidence: null, rawResponse: '', tokensUsed: null },
    }),
    retryCount: 0,
    agent: AGENT,
    sessionId: draft.sessionId,
    ...optional('callerRunId', draft.callerRunId),
    ...optional('branch', draft.branch),
    ...optional('workingDirectory', draft.cwd),
    metadata: {
      ...optional('agentVersion', draft.version),
      ...optional('agentId', draft.agentId),
      ...(draft.isSidechain && { isSidechain: true }),
      ...(!draft.hasPrompt && { hasPrompt: false }),
      ...(startFrom !== 'line' && { startedAtFrom: startFrom }),
    },
    ...optional('usage', sumOfUsage(draft.calls.flatMap(({ usage }) => usage ?? []))),
    ...optional('costMicroUsd', sumOfCost(draft.calls.map(({ costUsd }) => costUsd))),
    steps: draft.steps.map((step) => settled(step, outcome.status)),
    source: { key: draft.key, location: around.path },
    statusSource: 'inferred',
  };
}

function outcomeOf(
  { ending, error }: RunDraft,
  mayGrow: boolean,
): Pick<AgentRun, 'status' | 'error'> {
  if (ending === 'interrupted') return { status: 'CANCELLED' };
  if (ending === 'answer') return { status: 'SUCCESS' };
  if (ending === 'api-failure') {
    const message = error ?? 'The model could not be reached.';
    return { status: 'FAILED', error: { code: 'API_ERROR', message, recoverable: true } };
  }
  return unfinished(mayGrow);
}
