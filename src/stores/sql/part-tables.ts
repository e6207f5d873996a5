import type { RunError, RunInput, RunOutput, StoredRun } from '../../domain/run.ts';
import {
  ERROR_FIELDS,
  INPUT_FIELDS,
  OUTPUT_FIELDS,
  RUN_FIELDS,
  SOURCE_FIELDS,
  USAGE_FIELDS,
} from '../../domain/run-fields.ts';
import { SUMMARY_TEXT_LENGTH, summaryText } from '../../domain/run-summary.ts';
import {
  digestColumn,
  extraColumn,
  jsonColumn,
  numberColumn,
  textColumn,
  timeColumn,
} from './column-values.ts';
import { partTable } from './columns.ts';

/** What a row of `agent_runs` is made from. */
export interface RunPart {
  run: StoredRun;
  digest: string;
}

/** `agent_runs`, without the row number that the database gives. */
export const RUN_TABLE = partTable<RunPart>('agent_runs', {
  id: ({ run }) => run.id,
  repository: ({ run }) => textColumn(run.repository),
  status: ({ run }) => run.status,
  started_at: ({ run }) => timeColumn(run.startedAt),
  completed_at: ({ run }) => timeColumn(run.completedAt),
  duration: ({ run }) => numberColumn(run.duration),
  retry_count: ({ run }) => run.retryCount,
  parent_run_id: ({ run }) => textColumn(run.parentRunId),
  version: ({ run }) => run.version,
  created_at: ({ run }) => timeColumn(run.createdAt),
  updated_at: ({ run }) => timeColumn(run.updatedAt),
  digest: ({ digest }) => digestColumn(digest),
  agent: ({ run }) => textColumn(run.agent),
  session_id: ({ run }) => textColumn(run.sessionId),
  caller_run_id: ({ run }) => textColumn(run.callerRunId),
  branch: ({ run }) => textColumn(run.branch),
  working_directory: ({ run }) => textColumn(run.workingDirectory),
  status_source: ({ run }) => textColumn(run.statusSource),
  cost_micro_usd: ({ run }) => numberColumn(run.costMicroUsd),
  has_usage: ({ run }) => (run.usage === undefined ? 0 : 1),
  input_tokens: ({ run }) => numberColumn(run.usage?.inputTokens),
  cache_read_tokens: ({ run }) => numberColumn(run.usage?.cacheReadTokens),
  cache_write_5m_tokens: ({ run }) => numberColumn(run.usage?.cacheWrite5mTokens),
  cache_write_1h_tokens: ({ run }) => numberColumn(run.usage?.cacheWrite1hTokens),
  output_tokens: ({ run }) => numberColumn(run.usage?.outputTokens),
  reasoning_tokens: ({ run }) => numberColumn(run.usage?.reasoningTokens),
  step_count: ({ run }) => numberColumn(run.steps?.length),
  source_key: ({ run }) => textColumn(run.source?.key),
  source_location: ({ run }) => textColumn(run.source?.location),
  tags: ({ run }) => jsonColumn(run.tags),
  usage_extra: ({ run }) => extraColumn(run.usage, USAGE_FIELDS),
  source_extra: ({ run }) => extraColumn(run.source, SOURCE_FIELDS),
  metadata: ({ run }) => jsonColumn(run.metadata),
  extra: ({ run }) => extraColumn(run, RUN_FIELDS),
});

/** A part of a run with the id that its row refers to. */
export interface Owned<Part> {
  runId: string;
  part: Part;
}

/** `agent_inputs`. */
export const INPUT_TABLE = partTable<Owned<RunInput>>('agent_inputs', {
  run_id: ({ runId }) => runId,
  model: ({ part }) => textColumn(part.model),
  temperature: ({ part }) => part.temperature,
  prompt_head: ({ part }) => headColumn(part.prompt),
  prompt: ({ part }) => textColumn(part.prompt),
  recent_commits: ({ part }) => jsonColumn(part.recentCommits),
  diff: ({ part }) => textColumn(part.diff),
  extra: ({ part }) => extraColumn(part, INPUT_FIELDS),
});

/** `agent_outputs`. */
export const OUTPUT_TABLE = partTable<Owned<RunOutput>>('agent_outputs', {
  run_id: ({ runId }) => runId,
  confidence: ({ part }) => part.confidence,
  tokens_used: ({ part }) => part.tokensUsed,
  message_head: ({ part }) => headColumn(part.message),
  message: ({ part }) => textColumn(part.message),
  reasoning: ({ part }) => textColumn(part.reasoning),
  raw_response: ({ part }) => textColumn(part.rawResponse),
  extra: ({ part }) => extraColumn(part, OUTPUT_FIELDS),
});

/** `run_errors`. */
export const ERROR_TABLE = partTable<Owned<RunError> & { startedAt: string }>('run_errors', {
  run_id: ({ runId }) => runId,
  run_started_at: ({ startedAt }) => timeColumn(startedAt),
  code: ({ part }) => textColumn(part.code),
  recoverable: ({ part }) => (part.recoverable ? 1 : 0),
  message_head: ({ part }) => headColumn(part.message),
  message: ({ part }) => textColumn(part.message),
  stack_trace: ({ part }) => textColumn(part.stackTrace),
  extra: ({ part }) => extraColumn(part, ERROR_FIELDS),
});

/** What a list shows of a text that is longer than that. */
function headColumn(text: string): string | null {
  return text.length > SUMMARY_TEXT_LENGTH ? textColumn(summaryText(text)) : null;
}
