/** The columns that composed queries name, for Kysely. Both engines have the same tables. */
export interface DatabaseSchema {
  agent_runs: {
    run_number: number;
    id: string;
    repository: string;
    status: string;
    started_at: number;
    parent_run_id: string | null;
    agent: string | null;
    session_id: string | null;
    caller_run_id: string | null;
    branch: string | null;
  };
  agent_inputs: { run_id: string; model: string | null };
  run_errors: { run_id: string; code: string; run_started_at: number };
  run_tags: { tag: string; started_at: number; run_id: string };
}
