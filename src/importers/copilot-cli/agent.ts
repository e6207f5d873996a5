/** What runs of Copilot CLI have as their `agent`; part of their ids, so it never changes. */
export const AGENT = 'copilot-cli';
