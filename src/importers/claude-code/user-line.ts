import { type Fields, objectIn, textIn } from '../reading/fields.ts';
import { blocksOf } from './transcript-line.ts';

/** What a line of the type `user` is that carries no tool results. */
export type UserLine =
  | { kind: 'prompt'; parts: string[] }
  /** Something that the agent's program wrote: `name` says what. */
  | { kind: 'note'; name: NoteName; text: string }
  | { kind: 'empty' };

type NoteName =
  | 'meta'
  | 'command'
  | 'command-output'
  | 'task-notification'
  | 'system-reminder'
  | 'compaction-summary'
  | 'interrupted';

/** How texts begin that nobody typed as a prompt. */
const NOTES: readonly (readonly [string, NoteName])[] = [
  ['[Request interrupted by user', 'interrupted'],
  // A command of the program itself; one that is handed to the model begins with <command-message>.
  ['<command-name>', 'command'],
  ['<bash-input>', 'command'],
  ['<local-command-caveat>', 'meta'],
  ['<local-command-stdout>', 'command-output'],
  ['<local-command-stderr>', 'command-output'],
  ['<bash-stdout>', 'command-output'],
  ['<bash-stderr>', 'command-output'],
  ['<task-notification>', 'task-notification'],
  ['<system-reminder>', 'system-reminder'],
  ['Caveat: The messages below were generated', 'meta'],
  ['This session is being continued from a previous conversation', 'compaction-summary'],
];

/** Tells prompts from what only looks like one. The rule stands in `docs/importers/claude-code.md`. */
export function readUserLine(line: Fields): UserLine {
  const blocks = blocksOf(line);
  if (blocks.length === 0) return { kind: 'empty' };
  const text = blocks.flatMap((block) => textIn(block, 'text') ?? []).join('\n\n');
  if (line.isCompactSummary === true) return { kind: 'note', name: 'compaction-summary', text };
  if (line.isMeta === true) return { kind: 'note', name: noteOf(text) ?? 'meta', text };
  if (textIn(objectIn(line, 'origin'), 'kind') === 'task-notification') {
    return { kind: 'note', name: 'task-notification', text };
  }
  const parts = blocks.flatMap(partsOf);
  if (parts.length > 0) return { kind: 'prompt', parts };
  return { kind: 'note', name: noteOf(text) ?? 'meta', text };
}

/** Whether a text was written by the program and not typed. */
export function noteOf(text: string): NoteName | undefined {
  const start = text.trimStart();
  return NOTES.find(([beginning]) => start.startsWith(beginning))?.[1];
}

function partsOf(block: Fields): string[] {
  const text = textIn(block, 'text');
  if (text === undefined)
    return block.type === 'text' ? [] : [`[${textIn(block, 'type') ?? 'something'}]`];
  return text.trim() === '' || noteOf(text) !== undefined ? [] : [commandTyped(text) ?? text];
}

const COMMAND = /^<command-message>[\s\S]*?<command-name>([^<]*)<\/command-name>/;
const ARGUMENTS = /<command-args>([\s\S]*?)<\/command-args>/;

/** A command that is handed to the model, as it was typed: `/init`, `/review the last commit`. */
function commandTyped(text: string): string | undefined {
  const name = COMMAND.exec(text.trimStart())?.[1];
  if (name === undefined) return undefined;
  return `${name} ${ARGUMENTS.exec(text)?.[1] ?? ''}`.trim();
}
