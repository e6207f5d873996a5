-- Find runs with similar prompts. `to_tsvector` is that of the schema, which looks at the first 150,000
-- characters: the one of PostgreSQL fails on a prompt with too many words.
SELECT r.*, i.prompt,
  ts_rank(to_tsvector('english', i.prompt), query) AS rank
FROM agent_runs r
JOIN agent_inputs i ON r.id = i.run_id,
  to_tsquery('english', 'commit & message & generation') query
WHERE to_tsvector('english', i.prompt) @@ query
ORDER BY rank DESC
LIMIT 10;
