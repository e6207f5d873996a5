import type { RunSummary } from '../../domain/run.ts';
import { readJson, readNumber, readText, readTime } from './column-values.ts';
import type { SqlRow } from './columns.ts';
import { presentMembers } from './present-members.ts';

/** What `summaryOfRow` reads; a head where there is one, so that no long text is read. */
const COLUMNS = `r.id, r.repository, r.status, r.started_at, r.completed_at, r.duration, r.retry_count,
  r.parent_run_id, r.agent, r.session_id, r.caller_run_id, r.branch, r.tags, r.cost_micro_usd,
  r.status_source, r.version, r.created_at, r.updated_at,
  i.model, coalesce(i.prompt_head, i.prompt) AS prompt,
  o.run_id AS output_run_id, coalesce(o.message_head, o.message) AS message, o.tokens_used,
  e.code AS error_code, coalesce(e.message_head, e.message) AS error_message`;

/**
 * The summaries of the runs that a query of keys gives. `join` finds the runs `r` of the keys `k`;
 * `schema` stands before the names of the tables.
 */
export function selectSummaries(keys: string, join: string, schema = ''): string {
  return `SELECT ${COLUMNS}
    FROM (${keys}) k
    ${join}
    LEFT JOIN ${schema}agent_inputs i ON i.run_id = r.id
    LEFT JOIN ${schema}agent_outputs o ON o.run_id = r.id
    LEFT JOIN ${schema}run_errors e ON e.run_id = r.id`;
}

/** The summary of such a row. Equal to what the domain's `summarize` makes of the run. */
export function summaryOfRow(row: SqlRow): RunSummary {
  const members: { [Name in keyof RunSummary]-?: RunSummary[Name] | undefined } = {
    id: row.id as string,
    repository: readText(row.repository) ?? '',
    status: row.status as RunSummary['status'],
    startedAt: readTime(row.started_at) ?? '',
    completedAt: readTime(row.completed_at),
    duration: readNumber(row.duration),
    retryCount: readNumber(row.retry_count) ?? 0,
    parentRunId: readText(row.parent_run_id),
    agent: readText(row.agent),
    sessionId: readText(row.session_id),
    callerRunId: readText(row.caller_run_id),
    branch: readText(row.branch),
    tags: readJson(row.tags) as string[] | undefined,
    costMicroUsd: readNumber(row.cost_micro_usd),
    statusSource: readText(row.status_source) as RunSummary['statusSource'],
    version: readNumber(row.version) ?? 1,
    createdAt: readTime(row.created_at) ?? '',
    updatedAt: readTime(row.updated_at) ?? '',
    model: readText(row.model) ?? null,
    prompt: readText(row.prompt) ?? '',
    message: readText(row.message),
    tokensUsed: row.output_run_id === null ? undefined : (readNumber(row.tokens_used) ?? null),
    errorCode: readText(row.error_code),
    errorMessage: readText(row.error_message),
  };
  return presentMembers(members) as unknown as RunSummary;
}
