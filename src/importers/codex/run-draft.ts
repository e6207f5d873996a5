import type { RunStep } from '../../domain/run.ts';
import type { CallDraft } from '../reading/call-draft.ts';

/** What the last thing was that a run did. */
export type Ending = 'prompt' | 'answer' | 'working' | 'aborted' | 'error';

/** A run while its lines are read. */
export interface RunDraft {
  readonly id: string;
  readonly key: string;
  /** The line that it begins at, from 1. */
  readonly line: number;
  /** Undefined where the agent works and no prompt stands before. */
  readonly prompt: string | undefined;
  startedAt: string | undefined;
  lastWorkAt: string | undefined;
  steps: RunStep[];
  calls: CallDraft[];
  answer: string | undefined;
  ending: Ending;
  error: string | undefined;
  model: string | undefined;
  cwd: string | undefined;
}

/** What a rollout says of its session. */
export interface SessionNotes {
  id: string;
  startedAt: string | undefined;
  cwd: string | undefined;
  version: string | undefined;
  branch: string | undefined;
  commit: string | undefined;
  repositoryUrl: string | undefined;
  /** The session that this one is a copy of up to a point. */
  forkedFrom: string | undefined;
  /** The session whose run started this one. */
  parent: string | undefined;
  /** What kind of subagent this is. */
  subagent: string | undefined;
}
