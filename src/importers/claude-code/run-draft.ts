import type { RunStep } from '../../domain/run.ts';
import type { CallDraft as CallParts } from '../reading/call-draft.ts';

/** What the last thing was that a run did. */
export type Ending = 'prompt' | 'answer' | 'working' | 'interrupted' | 'api-failure';

/** How the start of a run is known. */
export type StartFrom = 'line' | 'line-before' | 'line-after' | 'file';

/** A model call as it comes together from its lines. */
export interface CallDraft extends CallParts {
  /** The blocks so far: a message that is copied within the file brings each again. */
  blocks: Set<string>;
  costUsd: number | undefined;
}

/** A run while its lines are read. */
export interface RunDraft {
  /** Known from the start, so that other runs can point to it. */
  readonly id: string;
  readonly key: string;
  /** The line that it begins at, from 1. */
  readonly line: number;
  readonly isSidechain: boolean;
  /** A run that begins with no prompt: what came before is not in the file. */
  readonly hasPrompt: boolean;
  prompt: string[];
  /** The lines of the prompt, when it is written in several. */
  promptUuids: Set<string>;
  startedAt: string | undefined;
  startFrom: StartFrom;
  lastWorkAt: string | undefined;
  steps: RunStep[];
  calls: CallDraft[];
  ending: Ending;
  error: string | undefined;
  /** Calls that another file has as well, and that count there. */
  copiedCalls: number;
  sessionId: string;
  agentId: string | undefined;
  version: string | undefined;
  branch: string | undefined;
  cwd: string | undefined;
  callerRunId: string | undefined;
}
