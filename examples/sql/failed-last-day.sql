-- Find failed runs in the last 24 hours.
SELECT r.*, i.prompt, e.message as error_message
FROM agent_runs r
JOIN agent_inputs i ON r.id = i.run_id
JOIN run_errors e ON r.id = e.run_id
WHERE r.status = 'FAILED'
  AND r.started_at > NOW() - INTERVAL '24 hours'
ORDER BY r.started_at DESC;
