import type { RunStatus } from './run-status.ts';

/** What the agent was given. */
export interface AgentInput {
  prompt: string;
  diff: string;
  recentCommits: string[];
  model: string;
  temperature: number;
}

/** What came out. */
export interface AgentOutput {
  message: string;
  confidence: number;
  reasoning?: string;
  rawResponse: string;
  tokensUsed: number;
}

/** Why the run failed. */
export interface RunError {
  code: string;
  message: string;
  stackTrace?: string;
  /** Whether `retryRun` may repeat the run. */
  recoverable: boolean;
}

/**
 * A run in the old shape: its times are `Date`s. `id` is a UUID and `duration` whole milliseconds.
 *
 * The types are the old ones, so that an application compiles as it is. A run that something else put
 * into the same store may say less than they promise (`model`, `temperature`, `confidence` and
 * `tokensUsed` are then null) and more: what else it holds is there, and is kept when it is saved.
 */
export interface AgentRun {
  id: string;
  repository: string;
  status: RunStatus;
  startedAt: Date;
  completedAt?: Date;
  duration?: number;
  input: AgentInput;
  output?: AgentOutput;
  error?: RunError;
  retryCount: number;
  parentRunId?: string;
}
