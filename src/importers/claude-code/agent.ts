/** What runs of Claude Code have as their `agent`; part of their ids, so it never changes. */
export const AGENT = 'claude-code';
