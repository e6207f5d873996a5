import type pg from 'pg';

/** How many runs `fillWithRuns` makes. */
export const MANY = 100_000;
/** Its sessions have so many runs. */
const OF_SESSION = 10;

/** A text of 640 characters that does not shrink: rows have the size that they have in life. */
const NOISE = "(SELECT string_agg(md5(id::text || k), '') FROM generate_series(1, 20) k)";

/**
 * Fills a schema with many runs by SQL, past the store, one a minute up to now: enough for the
 * server to plan as it does for a large store.
 */
export async function fillWithRuns(client: pg.Client, schema: string): Promise<void> {
  await client.query(`SET search_path TO ${schema}, pg_catalog`);
  await client.query(`
    INSERT INTO agent_runs (id, repository, status, started_at, completed_at, duration, retry_count,
      version, created_at, updated_at, digest, agent, session_id, parent_run_id, caller_run_id,
      has_usage, cost_micro_usd, working_directory, tags, metadata)
    SELECT gen_random_uuid(), 'team/service-' || n % 10,
      CASE WHEN n % 5 = 0 THEN 'FAILED' WHEN n % 997 = 0 THEN 'QUEUED' ELSE 'SUCCESS' END,
      now() - n * interval '1 minute', now() - n * interval '1 minute', n % 90000, 0,
      1, now(), now(), sha256(n::text::bytea), 'agent-' || n % 4, 'session-' || n / ${OF_SESSION},
      CASE WHEN n % 50 = 0 THEN gen_random_uuid() END, CASE WHEN n % 50 = 1 THEN gen_random_uuid() END,
      false, n, '/home/somebody/src/service-' || n % 10, '["tag"]', '{"ticket": "OPS-1234"}'
    FROM generate_series(1, ${MANY}) n`);
  await client.query(`
    INSERT INTO agent_inputs (run_id, model, prompt, recent_commits, diff)
      SELECT id, 'model-' || duration % 3, concat_ws(' ', 'Work on part', duration, 'of', repository,
        CASE WHEN duration % 1000 = 0 THEN 'commit message generation' END), '[]', ${NOISE} FROM agent_runs;
    INSERT INTO agent_outputs (run_id, message, raw_response)
      SELECT id, 'done', 'raw' FROM agent_runs WHERE status = 'SUCCESS';
    INSERT INTO run_errors (run_id, run_started_at, code, recoverable, message,
      stack_trace) SELECT id, started_at, 'CODE_' || duration % 7, true, 'failed', ${NOISE} FROM agent_runs
      WHERE status = 'FAILED';
    INSERT INTO run_tags (tag, started_at, run_id)
      SELECT 'tag-' || duration % 5, started_at, id FROM agent_runs;
    INSERT INTO run_search (run_id, part, tokens)
      SELECT id, 0, array_to_tsvector(ARRAY['work', 'part', duration::text] ||
        CASE WHEN duration % 1000 = 0 THEN ARRAY['rare'] WHEN duration % 10 = 1 THEN ARRAY['common']
        ELSE '{}'::text[] END) FROM agent_runs`);
  await client.query('VACUUM ANALYZE');
}
