/** What runs of Langfuse exports have as their `agent`; part of their ids, so it never changes. */
export const AGENT = 'langfuse';
