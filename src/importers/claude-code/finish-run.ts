import type { AgentRun, RunStep } from '../../domain/run.ts';
import { optional } from '../reading/fields.ts';
import { unfinished } from '../reading/unfinished.ts';
import { sumOfUsage } from '../reading/usage.ts';
import { AGENT } from './agent.ts';
import type { CallDraft, RunDraft } from './run-draft.ts';

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
  for (const step of draft.steps) settleOpenTool(step, outcome.status);
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
    ...optional('costMicroUsd', costOf(draft.calls)),
    steps: draft.steps,
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

function completeCall({ step, texts, thinking, usage }: CallDraft): void {
  if (usage !== undefined) step.usage = usage;
  const output = {
    ...(thinking.length > 0 && { thinking: thinking.join('\n\n') }),
    ...(texts.length > 0 && { text: texts.join('\n\n') }),
  };
  if (Object.keys(output).length > 0) step.output = output;
}

/** A tool whose result never came stands as its run does; of a run that ended otherwise it is not known. */
function settleOpenTool(step: RunStep, status: AgentRun['status']): void {
  const isOpen = step.kind === 'tool_call' && step.status === undefined;
  if (isOpen && (status === 'RUNNING' || status === 'CANCELLED')) step.status = status;
}

/** Known only where every call states what it cost. */
function costOf(calls: readonly CallDraft[]): number | undefined {
  let sum = 0;
  for (const { costUsd } of calls) {
    if (costUsd === undefined) return undefined;
    sum += costUsd;
  }
  return calls.length === 0 ? undefined : Math.round(sum * 1e6);
}
