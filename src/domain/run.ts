import type { JsonObject, JsonValue } from './json.ts';

/** Where a run stands. The transitions between these are in `status.ts`. */
export type RunStatus = 'QUEUED' | 'RUNNING' | 'SUCCESS' | 'FAILED' | 'CANCELLED' | 'RETRYING';

/** What the agent was given. */
export interface RunInput {
  prompt: string;
  /** The change that the prompt is about; `''` where there is none or the source does not say. */
  diff: string;
  /** Subjects of the commits before, newest first; `[]` where the source does not say. */
  recentCommits: string[];
  /** Null where the source does not say. */
  model: string | null;
  /** Null where the source does not say. */
  temperature: number | null;
}

/** What came out. */
export interface RunOutput {
  message: string;
  /** 0 to 1 by convention, kept as given; null where the source does not say. */
  confidence: number | null;
  reasoning?: string;
  rawResponse: string;
  /** All tokens as the old program counted them; null where unknown, never 0 for unknown. */
  tokensUsed: number | null;
}

/** Why the run failed. */
export interface RunError {
  code: string;
  message: string;
  stackTrace?: string;
  /** Whether trying again can help: only a recoverable failure may be retried. */
  recoverable: boolean;
}

/**
 * Tokens in disjoint parts: no token is in two of them, so their sum is the whole.
 * Null is unknown, which is not 0.
 */
export interface Usage {
  /** Input that no cache served or stored. */
  inputTokens: number | null;
  cacheReadTokens: number | null;
  /** Written to a cache that lives five minutes. */
  cacheWrite5mTokens: number | null;
  /** Written to a cache that lives an hour. */
  cacheWrite1hTokens: number | null;
  /** Output that the user sees, without reasoning. */
  outputTokens: number | null;
  reasoningTokens: number | null;
}

/** What happened inside a run. */
export type StepKind = 'model_call' | 'tool_call' | 'message' | 'event';

/** One step, in the order of `steps`. Only `kind` is required. */
export interface RunStep {
  kind: StepKind;
  /** The tool's name, the role of a message, the kind of an event. */
  name?: string;
  model?: string;
  status?: 'RUNNING' | 'SUCCESS' | 'FAILED' | 'CANCELLED';
  /** ISO 8601 in UTC with milliseconds. */
  startedAt?: string;
  /** Milliseconds, an integer. */
  duration?: number;
  usage?: Usage;
  /** What went in: a conversation, the arguments of a tool. */
  input?: JsonValue;
  /** What came out: an answer, a tool's result. */
  output?: JsonValue;
  error?: JsonValue;
}

/** Where an imported run came from. Not part of the digest: the same run from two places is equal. */
export interface RunOrigin {
  /** The id that the source itself gives the prompt; unique together with `agent`. */
  key: string;
  /** The file or address that it was read from. */
  location?: string;
}

/**
 * One prompt carried to its answer by an agent, as it is stored and as it is returned.
 *
 * The core (down to `parentRunId`) has the names of the files that people already have. Times are
 * ISO 8601 in UTC with milliseconds, such as `2026-10-05T19:24:17.741Z`. An absent optional field is
 * left out, never null. Fields that Runledger does not know are kept in their place at every level;
 * they are not in this type, so reading one takes a cast.
 */
export interface AgentRun {
  /** UUID, lower case. */
  id: string;
  /** 1 to 255 characters (Unicode code points). */
  repository: string;
  status: RunStatus;
  /** When the run was queued. */
  startedAt: string;
  completedAt?: string;
  /** Milliseconds, an integer. Negative where the clock was set back: kept as it was. */
  duration?: number;
  input: RunInput;
  output?: RunOutput;
  error?: RunError;
  /** 0 for a first attempt. */
  retryCount: number;
  /** The run that this one repeats. It may be gone. */
  parentRunId?: string;

  agent?: string;
  sessionId?: string;
  /** The run that started this one as its subagent. It may be gone. */
  callerRunId?: string;
  branch?: string;
  workingDirectory?: string;
  /** No duplicates; the order is kept. */
  tags?: string[];
  metadata?: JsonObject;
  usage?: Usage;
  /** Millionths of a US dollar, an integer, rounded once per run. Absent is unknown, not free. */
  costMicroUsd?: number;
  steps?: RunStep[];
  source?: RunOrigin;
  /** Whether the status was written by the source or concluded from it. Absent is `recorded`. */
  statusSource?: 'recorded' | 'inferred';

  /** Counts up on every change, from 1. */
  version?: number;
  createdAt?: string;
  updatedAt?: string;
}

/** A run as a store returns it: with its version and times. */
export type StoredRun = AgentRun & { version: number; createdAt: string; updatedAt: string };

/** The fields that a summary has as the run has them. */
export const SUMMARY_FIELDS = [
  'id',
  'repository',
  'status',
  'startedAt',
  'completedAt',
  'duration',
  'retryCount',
  'parentRunId',
  'agent',
  'sessionId',
  'callerRunId',
  'branch',
  'tags',
  'costMicroUsd',
  'statusSource',
  'version',
  'createdAt',
  'updatedAt',
] as const satisfies readonly (keyof AgentRun)[];

/**
 * A run as `list` returns it: what fits a table row, without large texts and steps. `prompt` and
 * `message` are cut (`run-summary.ts`).
 */
export interface RunSummary extends Pick<StoredRun, (typeof SUMMARY_FIELDS)[number]> {
  model: string | null;
  prompt: string;
  message?: string;
  errorCode?: string;
  errorMessage?: string;
  tokensUsed?: number | null;
}
