import { EntitySchema } from 'typeorm';
import { flag, hash, integer, json, nullable, text, time } from '../columns.ts';
import type { AgentRun } from '../rows.ts';

/** The runs, each with its parts as relations. */
export const AgentRunEntity = new EntitySchema<AgentRun>({
  name: 'AgentRun',
  tableName: 'agent_runs',
  // Runledger's migrations make the tables: TypeORM would make others of them, without their indexes.
  synchronize: false,
  columns: {
    // Unique, and what every other table refers to; the table's own key is the row number.
    id: { ...text('id'), primary: true },
    runNumber: integer('run_number'),
    repository: text('repository'),
    status: text('status'),
    startedAt: time('started_at'),
    completedAt: nullable(time('completed_at')),
    duration: nullable(integer('duration')),
    retryCount: integer('retry_count'),
    parentRunId: nullable(text('parent_run_id')),
    version: integer('version'),
    createdAt: time('created_at'),
    updatedAt: time('updated_at'),
    digest: hash('digest'),
    agent: nullable(text('agent')),
    sessionId: nullable(text('session_id')),
    callerRunId: nullable(text('caller_run_id')),
    branch: nullable(text('branch')),
    workingDirectory: nullable(text('working_directory')),
    statusSource: nullable(text('status_source')),
    costMicroUsd: nullable(integer('cost_micro_usd')),
    hasUsage: flag('has_usage'),
    inputTokens: nullable(integer('input_tokens')),
    cacheReadTokens: nullable(integer('cache_read_tokens')),
    cacheWrite5mTokens: nullable(integer('cache_write_5m_tokens')),
    cacheWrite1hTokens: nullable(integer('cache_write_1h_tokens')),
    outputTokens: nullable(integer('output_tokens')),
    reasoningTokens: nullable(integer('reasoning_tokens')),
    stepCount: nullable(integer('step_count')),
    sourceKey: nullable(text('source_key')),
    sourceLocation: nullable(text('source_location')),
    tags: nullable(json('tags')),
    metadata: nullable(json('metadata')),
    usageExtra: nullable(json('usage_extra')),
    sourceExtra: nullable(json('source_extra')),
    extra: nullable(json('extra')),
  },
  relations: {
    input: { type: 'one-to-one', target: 'AgentInput', inverseSide: 'run' },
    output: { type: 'one-to-one', target: 'AgentOutput', inverseSide: 'run' },
    error: { type: 'one-to-one', target: 'RunError', inverseSide: 'run' },
    steps: { type: 'one-to-many', target: 'RunStep', inverseSide: 'run' },
  },
});
