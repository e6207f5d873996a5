/**
 * Members that Runledger has no column for, as they came. JSON is `unknown` here: a type that says
 * what JSON is refers to itself, and the types of TypeORM never come to an end with such a one.
 */
export type Extra = Record<string, unknown> | null;

/** `agent_runs`: a run. What the run does not say is null. Relations are there when asked for. */
export interface AgentRun {
  id: string;
  /** The row's number; the search index points at it. */
  runNumber: number;
  repository: string;
  status: 'QUEUED' | 'RUNNING' | 'SUCCESS' | 'FAILED' | 'CANCELLED' | 'RETRYING';
  startedAt: Date;
  completedAt: Date | null;
  /** Milliseconds. */
  duration: number | null;
  retryCount: number;
  /** The run that this one repeats. It may be gone. */
  parentRunId: string | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
  /** SHA-256 of what the run says, 64 hex digits. */
  digest: string;
  agent: string | null;
  sessionId: string | null;
  /** The run that started this one as its subagent. It may be gone. */
  callerRunId: string | null;
  branch: string | null;
  workingDirectory: string | null;
  /** Null is recorded. */
  statusSource: 'recorded' | 'inferred' | null;
  /** Millionths of a US dollar. */
  costMicroUsd: number | null;
  /** Whether the run knows its usage at all. A part of it that is null is unknown, which is not 0. */
  hasUsage: boolean;
  inputTokens: number | null;
  cacheReadTokens: number | null;
  cacheWrite5mTokens: number | null;
  cacheWrite1hTokens: number | null;
  outputTokens: number | null;
  reasoningTokens: number | null;
  /** Null for a run without steps, which is not an empty list. */
  stepCount: number | null;
  sourceKey: string | null;
  sourceLocation: string | null;
  tags: string[] | null;
  metadata: Extra;
  usageExtra: Extra;
  sourceExtra: Extra;
  extra: Extra;
  input?: AgentInput;
  output?: AgentOutput | null;
  error?: RunError | null;
  steps?: RunStep[];
}

/** `agent_inputs`: what the agent was given. */
export interface AgentInput {
  runId: string;
  model: string | null;
  temperature: number | null;
  /** What lists show of a longer prompt; null where they show the prompt itself. */
  promptHead: string | null;
  prompt: string;
  recentCommits: string[];
  diff: string;
  extra: Extra;
  run?: AgentRun;
}

/** `agent_outputs`: what came out. */
export interface AgentOutput {
  runId: string;
  confidence: number | null;
  tokensUsed: number | null;
  /** What lists show of a longer message; null where they show the message itself. */
  messageHead: string | null;
  message: string;
  reasoning: string | null;
  rawResponse: string;
  extra: Extra;
  run?: AgentRun;
}

/** `run_errors`: why the run failed. */
export interface RunError {
  runId: string;
  /** The run's own `startedAt` once more, for an index. */
  runStartedAt: Date;
  code: string;
  recoverable: boolean;
  /** What lists show of a longer message; null where they show the message itself. */
  messageHead: string | null;
  message: string;
  stackTrace: string | null;
  extra: Extra;
  run?: AgentRun;
}

/**
 * `run_steps`: what happened inside a run, in the order of `ordinal`. In the values that are JSON,
 * large texts are references into `contents`: `putTextsBack` puts them in their place.
 */
export interface RunStep {
  runId: string;
  ordinal: number;
  kind: 'model_call' | 'tool_call' | 'message' | 'event';
  name: string | null;
  model: string | null;
  status: 'RUNNING' | 'SUCCESS' | 'FAILED' | 'CANCELLED' | null;
  startedAt: Date | null;
  /** Milliseconds. */
  duration: number | null;
  usage: unknown;
  input: unknown;
  output: unknown;
  error: unknown;
  extra: Extra;
  run?: AgentRun;
}

/** `contents`: large texts, once each. `putTextsBack` reads them. */
export interface Content {
  /** SHA-256 of the text as it is stored, 64 hex digits. */
  hash: string;
  packing: 'plain' | 'zstd';
  /** Bytes before packing. */
  size: number;
  bytes: Uint8Array;
}

/** `run_changes`: the ledger, one row for each change of a run. */
export interface RunChange {
  seq: number;
  /** The first `seq` of the transaction that the change belongs to. */
  transactionSeq: number;
  /** No relation: after a delete, the run is gone and its changes are not. */
  runId: string;
  runNumber: number;
  version: number;
  operation: 'insert' | 'update' | 'delete';
  at: Date;
  /** That of the run after the change; null for a delete. */
  digest: string | null;
  /** Where a copy wrote it from; null for an ordinary save. */
  origin: string | null;
  /** What the change overwrote, with large texts as references; null for an insert. */
  overwrote: unknown;
}
