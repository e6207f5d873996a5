/** Events that are steps of the run they happen in, beside messages and tools. */
export const STEPS: ReadonlySet<string> = new Set([
  ...['abort', 'session.error', 'session.warning', 'session.task_complete', 'session.truncation'],
  ...['session.compaction_start', 'session.compaction_complete', 'session.snapshot_rewind'],
  ...['skill.invoked', 'system.notification', 'assistant.reasoning'],
]);

/** Events of which runs have no use: settings, hooks, the system prompt, what is shown on the way. */
export const WITHOUT_STEPS: readonly RegExp[] = [
  /^session\.(start|resume|info|idle|handoff|usage_\w+|auto_mode_\w+|\w+_changed?|\w+_(loaded|updated))$/,
  /^(hook|permission|user_input|elicitation|external_tool|command|commands|capabilities|mcp)\./,
  /^(exit_plan_mode|sampling|pending_messages|auto_mode_switch)\./,
  /^system\.message$/,
  /^assistant\.(intent|usage|message_start|streaming_delta|message_delta|reasoning_delta)$/,
  /^tool\.(user_requested|execution_progress|execution_partial_result)$/,
];
