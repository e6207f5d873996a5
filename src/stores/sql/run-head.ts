import type { AgentRun } from '../../domain/run.ts';
import type { RunHead } from '../../repository/write-operation.ts';
import { readDigest, readText } from './column-values.ts';
import type { SqlRow } from './columns.ts';
import { originOfRow } from './run-of-row.ts';

/** The columns of `agent_runs r` that `headOfRow` reads. */
export const HEAD_COLUMNS = `r.id, r.version, r.status, r.digest, r.parent_run_id, r.source_key,
  r.source_location, r.source_extra`;

/** The head of the run of such a row. */
export function headOfRow(row: SqlRow): RunHead {
  const parentRunId = readText(row.parent_run_id);
  const source = originOfRow(row);
  return {
    id: row.id as string,
    status: row.status as AgentRun['status'],
    version: Number(row.version),
    digest: readDigest(row.digest) ?? '',
    ...(parentRunId !== undefined && { parentRunId }),
    ...(source !== undefined && { source }),
  };
}
