import { basename, dirname } from 'node:path';
import type { AgentRun } from '../../domain/run.ts';
import type { Transcript } from '../../repository/importer.ts';
import { completeCall } from '../reading/call-draft.ts';
import { optional } from '../reading/fields.ts';
import { folderName } from '../reading/folder-name.ts';
import { settled } from '../reading/run-draft.ts';
import { unfinished } from '../reading/unfinished.ts';
import { sumOfUsage } from '../reading/usage.ts';
import { AGENT } from './agent.ts';
import type { RunDraft, SessionNotes } from './run-draft.ts';
import { repositoryName } from './session-notes.ts';

/** What a run needs to know of what is around it. */
export interface RunSurroundings {
  file: Transcript;
  notes: SessionNotes;
  /** The file changed just now, and nothing comes after this run. */
  mayGrow: boolean;
  callerRunId: string | undefined;
}

/** A run from what was read of it. */
export function finishRun(draft: RunDraft, around: RunSurroundings): AgentRun {
  const { id, key, prompt, steps, calls, answer, cwd } = draft;
  const { file, notes, mayGrow, callerRunId } = around;
  const startedAt = draft.startedAt ?? new Date(file.modifiedAt).toISOString();
  const outcome = outcomeOf(draft, mayGrow);
  const isOver = outcome.status !== 'RUNNING';
  const end = draft.lastWorkAt ?? startedAt;
  const completedAt = end > startedAt ? end : startedAt;
  for (const call of calls) completeCall(call);
  return {
    id,
    repository: repositoryOf(draft, around),
    ...outcome,
    startedAt,
    ...(isOver && { completedAt, duration: Date.parse(completedAt) - Date.parse(startedAt) }),
    input: {
      ...{ prompt: prompt ?? '', diff: '', recentCommits: [] },
      ...{ model: draft.model ?? null, temperature: null },
    },
    ...(answer !== undefined && {
      output: { message: answer, confidence: null, rawResponse: '', tokensUsed: null },
    }),
    retryCount: 0,
    agent: AGENT,
    sessionId: notes.id,
    ...optional('callerRunId', callerRunId),
    ...optional('branch', notes.branch),
    ...optional('workingDirectory', cwd ?? notes.cwd),
    metadata: {
      ...optional('agentVersion', notes.version),
      ...optional('commit', notes.commit),
      ...optional('subagent', notes.subagent),
      ...(callerRunId === undefined && optional('parentSession', notes.parent)),
      ...optional('forkedFrom', notes.forkedFrom),
      ...(prompt === undefined && { hasPrompt: false }),
      ...(draft.startedAt === undefined && { startedAtFrom: 'file' }),
    },
    ...optional('usage', sumOfUsage(calls.flatMap(({ usage }) => usage ?? []))),
    steps: steps.map((step) => settled(step, outcome.status)),
    source: { key, location: file.path },
    statusSource: 'inferred',
  };
}

function repositoryOf({ cwd }: RunDraft, { notes, file }: RunSurroundings): string {
  const named = notes.repositoryUrl === undefined ? undefined : repositoryName(notes.repositoryUrl);
  const folder = cwd ?? notes.cwd;
  if (named !== undefined) return named;
  const name = folder === undefined ? '' : folderName(folder);
  return name || folderName(basename(dirname(file.path))) || 'unknown';
}

function outcomeOf(
  { ending, error }: RunDraft,
  mayGrow: boolean,
): Pick<AgentRun, 'status' | 'error'> {
  if (ending === 'answer') return { status: 'SUCCESS' };
  if (ending === 'aborted') return { status: 'CANCELLED' };
  if (ending === 'error') {
    const message = error ?? 'Codex says that it failed, and not why.';
    return { status: 'FAILED', error: { code: 'AGENT_ERROR', message, recoverable: true } };
  }
  return unfinished(mayGrow);
}
