import type {
  AgentRun,
  RunError,
  RunInput,
  RunOrigin,
  RunOutput,
  StoredRun,
  Usage,
} from '../../domain/run.ts';
import { putBackUnknown } from '../../domain/unknown-fields.ts';
import { RunledgerError } from '../../repository/errors.ts';
import { readExtra, readJson, readNumber, readText, readTime } from './column-values.ts';
import type { SqlRow } from './columns.ts';
import { ERROR_TABLE, INPUT_TABLE, OUTPUT_TABLE, RUN_TABLE } from './part-tables.ts';
import { presentMembers } from './present-members.ts';

const COLUMNS = [
  ...RUN_TABLE.columns.map((column) => `r.${column}`),
  ...INPUT_TABLE.columns.map((column) => `i.${column} AS input_${column}`),
  ...OUTPUT_TABLE.columns.map((column) => `o.${column} AS output_${column}`),
  ...ERROR_TABLE.columns.map((column) => `e.${column} AS error_${column}`),
];

/**
 * The run with its input, output and error, one row for each run `r`, to be read by `runOfRow`. `more`
 * are columns beyond those; `schema` stands before the names of the tables.
 */
export function selectRun(more: readonly string[], schema = ''): string {
  return `SELECT ${[...more, ...COLUMNS].join(', ')}
  FROM ${schema}agent_runs r
  LEFT JOIN ${schema}agent_inputs i ON i.run_id = r.id
  LEFT JOIN ${schema}agent_outputs o ON o.run_id = r.id
  LEFT JOIN ${schema}run_errors e ON e.run_id = r.id`;
}

/** The run of such a row, without its steps. Throws CORRUPT when its input is gone. */
export function runOfRow(row: SqlRow): StoredRun {
  if (row.input_run_id === null) throw withoutInput(row);
  const members: { [Name in keyof AgentRun]-?: AgentRun[Name] | undefined } = {
    id: row.id as string,
    repository: readText(row.repository) ?? '',
    status: row.status as AgentRun['status'],
    startedAt: readTime(row.started_at) ?? '',
    completedAt: readTime(row.completed_at),
    duration: readNumber(row.duration),
    input: inputOfRow(row),
    output: row.output_run_id === null ? undefined : outputOfRow(row),
    error: row.error_run_id === null ? undefined : errorOfRow(row),
    retryCount: readNumber(row.retry_count) ?? 0,
    parentRunId: readText(row.parent_run_id),
    agent: readText(row.agent),
    sessionId: readText(row.session_id),
    callerRunId: readText(row.caller_run_id),
    branch: readText(row.branch),
    workingDirectory: readText(row.working_directory),
    tags: readJson(row.tags) as string[] | undefined,
    metadata: readExtra(row.metadata),
    usage: row.has_usage === 1 ? usageOfRow(row) : undefined,
    costMicroUsd: readNumber(row.cost_micro_usd),
    steps: undefined,
    source: originOfRow(row),
    statusSource: readText(row.status_source) as AgentRun['statusSource'],
    version: readNumber(row.version),
    createdAt: readTime(row.created_at),
    updatedAt: readTime(row.updated_at),
  };
  return withUnknown(members, row.extra) as StoredRun;
}

function inputOfRow(row: SqlRow): RunInput {
  const input = {
    prompt: readText(row.input_prompt),
    diff: readText(row.input_diff),
    recentCommits: readJson(row.input_recent_commits),
    model: readText(row.input_model) ?? null,
    temperature: row.input_temperature,
  };
  return withUnknown(input, row.input_extra) as RunInput;
}

function outputOfRow(row: SqlRow): RunOutput {
  const output = {
    message: readText(row.output_message),
    confidence: row.output_confidence,
    reasoning: readText(row.output_reasoning),
    rawResponse: readText(row.output_raw_response),
    tokensUsed: row.output_tokens_used,
  };
  return withUnknown(output, row.output_extra) as RunOutput;
}

function errorOfRow(row: SqlRow): RunError {
  const error = {
    code: readText(row.error_code),
    message: readText(row.error_message),
    stackTrace: readText(row.error_stack_trace),
    recoverable: row.error_recoverable === 1,
  };
  return withUnknown(error, row.error_extra) as RunError;
}

function usageOfRow(row: SqlRow): Usage {
  const usage = {
    inputTokens: row.input_tokens,
    cacheReadTokens: row.cache_read_tokens,
    cacheWrite5mTokens: row.cache_write_5m_tokens,
    cacheWrite1hTokens: row.cache_write_1h_tokens,
    outputTokens: row.output_tokens,
    reasoningTokens: row.reasoning_tokens,
  };
  return withUnknown(usage, row.usage_extra) as unknown as Usage;
}

/** Where the run of a row came from; undefined where it does not say. */
export function originOfRow(row: SqlRow): RunOrigin | undefined {
  if (row.source_key === null) return undefined;
  const source = { key: readText(row.source_key), location: readText(row.source_location) };
  return withUnknown(source, row.source_extra) as unknown as RunOrigin;
}

/** The members that are there, and behind them the unknown ones of a column. */
function withUnknown(members: object, extra: SqlRow[string] | undefined): object {
  return putBackUnknown(presentMembers(members), readExtra(extra));
}

function withoutInput({ id }: SqlRow): RunledgerError {
  return new RunledgerError('CORRUPT', `Run ${id} has lost its row in agent_inputs.`, {
    hint: 'The database was changed by something else, or is damaged: restore the last backup.',
  });
}
