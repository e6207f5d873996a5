-- How each repository did in the last 7 days.
SELECT
  repository,
  COUNT(*) as total_runs,
  AVG(duration) as avg_duration_ms,
  PERCENTILE_CONT(0.95) WITHIN GROUP (ORDER BY duration) as p95_duration,
  SUM(CASE WHEN status = 'SUCCESS' THEN 1 ELSE 0 END)::FLOAT / COUNT(*) as success_rate
FROM agent_runs
WHERE started_at > NOW() - INTERVAL '7 days'
GROUP BY repository
ORDER BY total_runs DESC;
