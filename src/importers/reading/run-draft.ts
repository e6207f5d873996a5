import type { JsonObject } from '../../domain/json.ts';
import type { AgentRun, RunError, RunStep, Usage } from '../../domain/run.ts';
import { importedRunId } from '../../domain/run-id.ts';
import type { ImportedItem, Transcript } from '../../repository/importer.ts';
import { sumOfCost } from './cost.ts';
import { optional } from './fields.ts';
import { runItem } from './source-items.ts';
import { unfinished } from './unfinished.ts';
import { sumOfUsage } from './usage.ts';

/** What the last thing was that a run did, or why it failed. */
export type Ending = 'working' | 'answer' | 'cancelled' | RunError;

/** What a model call used, as far as the source states it. */
export interface CallFigures {
  usage: Usage | undefined;
  /** US dollars. */
  costUsd: number | undefined;
}

/** Where a run begins, and what it is told apart by. */
export interface RunBeginning {
  agent: string;
  /** The id that the source gives the prompt. */
  key: string;
  file: Transcript;
  /** `line 12`. */
  place: string;
  /** ISO 8601; undefined where nothing tells. */
  startedAt: string | undefined;
  /** Undefined for a run that begins with no prompt: what came before is not there. */
  prompt: string | undefined;
}

/** A run while what its source says of it is read. */
export interface RunDraft extends RunBeginning {
  readonly id: string;
  steps: RunStep[];
  calls: CallFigures[];
  model: string | undefined;
  answer: string | undefined;
  /** ISO 8601. */
  lastWorkAt: string | undefined;
  ending: Ending;
}

/** What a run needs to know of what is around it. */
export interface RunSurroundings {
  repository: string;
  /** More may come: its file changed just now, and nothing comes after this run. */
  mayGrow: boolean;
  /** Fields that only some sources have. */
  fields: Partial<AgentRun>;
  metadata: JsonObject;
}

/** A run that begins. Without a time its id must not hang on one that is found later. */
export function beginRun(beginning: RunBeginning): RunDraft {
  const { agent, key, startedAt } = beginning;
  return {
    ...beginning,
    id: importedRunId(startedAt === undefined ? 0 : Date.parse(startedAt), agent, key),
    ...{ steps: [], calls: [], model: undefined, answer: undefined },
    ...{ lastWorkAt: undefined, ending: 'working' },
  };
}

/** A call of a model: a step of the run, and what it used. */
export function addCall(run: RunDraft, step: RunStep, figures: CallFigures): void {
  run.steps.push({ ...step, ...optional('usage', figures.usage) });
  run.calls.push(figures);
  run.model ??= step.model;
}

/** The run did something, which ended at this time. */
export function worked(run: RunDraft, time: string | undefined, ending: Ending): void {
  run.ending = ending;
  if (time !== undefined && time > (run.lastWorkAt ?? '')) run.lastWorkAt = time;
}

/** The run in its normal form; its status is concluded from the last thing that it did. */
export function finishRun(draft: RunDraft, around: RunSurroundings): ImportedItem {
  const { file, key, place, prompt, calls, answer } = draft;
  const startedAt = draft.startedAt ?? new Date(file.modifiedAt).toISOString();
  const outcome = outcomeOf(draft.ending, around.mayGrow);
  const end = draft.lastWorkAt ?? startedAt;
  const completedAt = end > startedAt ? end : startedAt;
  return runItem(file, place, {
    id: draft.id,
    repository: around.repository,
    ...outcome,
    startedAt,
    ...(outcome.status !== 'RUNNING' && {
      completedAt,
      duration: Date.parse(completedAt) - Date.parse(startedAt),
    }),
    input: {
      ...{ prompt: prompt ?? '', diff: '', recentCommits: [] },
      ...{ model: draft.model ?? null, temperature: null },
    },
    ...(answer !== undefined && {
      output: { message: answer, confidence: null, rawResponse: '', tokensUsed: null },
    }),
    retryCount: 0,
    agent: draft.agent,
    metadata: {
      ...around.metadata,
      ...(prompt === undefined && { hasPrompt: false }),
      ...(draft.startedAt === undefined && { startedAtFrom: 'file' }),
    },
    ...optional('usage', sumOfUsage(calls.flatMap(({ usage }) => usage ?? []))),
    ...optional('costMicroUsd', sumOfCost(calls.map(({ costUsd }) => costUsd))),
    steps: draft.steps.map((step) => settled(step, outcome.status)),
    source: { key, location: file.path },
    statusSource: 'inferred',
    ...around.fields,
  });
}

function outcomeOf(ending: Ending, mayGrow: boolean): Pick<AgentRun, 'status' | 'error'> {
  if (ending === 'answer') return { status: 'SUCCESS' };
  if (ending === 'cancelled') return { status: 'CANCELLED' };
  return ending === 'working' ? unfinished(mayGrow) : { status: 'FAILED', error: ending };
}

/** A tool whose result never came stands as its run does; of a run that ended otherwise it is not known. */
export function settled(step: RunStep, status: AgentRun['status']): RunStep {
  const isOpen = step.kind === 'tool_call' && step.status === undefined;
  return isOpen && (status === 'RUNNING' || status === 'CANCELLED') ? { ...step, status } : step;
}
