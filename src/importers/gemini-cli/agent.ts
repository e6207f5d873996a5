/** What runs of Gemini CLI have as their `agent`; part of their ids, so it never changes. */
export const AGENT = 'gemini-cli';
