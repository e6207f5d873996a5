/** What runs read from telemetry have as their `agent`; part of their ids, so it never changes. */
export const AGENT = 'otlp';
