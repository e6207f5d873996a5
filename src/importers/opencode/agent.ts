/** What runs of opencode have as their `agent`; part of their ids, so it never changes. */
export const AGENT = 'opencode';
