/** How texts begin that Codex puts before the model in the user's name. */
const NOT_TYPED = [
  '<environment_context>',
  '<user_instructions>',
  '<permissions instructions>',
  '<collaboration_mode>',
  '<turn_aborted>',
  '<subagent_notification>',
  '<user_shell_command>',
  '<skill>',
  '<INSTRUCTIONS>',
  '# AGENTS.md instructions',
];

/** Whether a text in the user's name was typed by somebody. */
export function isTyped(text: string): boolean {
  const start = text.trimStart();
  return start !== '' && !NOT_TYPED.some((beginning) => start.startsWith(beginning));
}
