import { isPlainObject } from '../../domain/json.ts';
import { type Fields, textIn } from '../reading/fields.ts';

/** What a message of the type `user` is. */
export type UserMessage =
  | { kind: 'prompt'; typed: string; sent: string }
  | { kind: 'note'; text: string }
  | { kind: 'results' }
  | { kind: 'empty' };

/** Beginnings of what the program says to the model in the user's place. */
const NOTES = [
  'System: Please continue.',
  '<session_context>',
  'This is the Gemini CLI. We are setting up the context for our chat.',
  '<state_snapshot>',
];

/** Tells prompts from what only looks like one. The rule stands in `docs/importers/gemini-cli.md`. */
export function readUserMessage({ content, displayContent }: Fields): UserMessage {
  const sent = textOf(content);
  const isNote = NOTES.some((beginning) => sent.trimStart().startsWith(beginning));
  if (isNote) return { kind: 'note', text: sent };
  const typed = textOf(displayContent) || sent;
  if (typed !== '') return { kind: 'prompt', typed, sent };
  const isResult = partsOf(content).some(
    (part) => isPlainObject(part) && 'functionResponse' in part,
  );
  return { kind: isResult ? 'results' : 'empty' };
}

/** The text of a content, which is a string, a part, or a list of both. Files are named by their kind. */
export function textOf(content: unknown): string {
  const texts = partsOf(content).map((part) => {
    if (typeof part === 'string') return part;
    if (!isPlainObject(part) || part.thought === true) return '';
    return textIn(part, 'text') ?? (FILES.some((kind) => kind in part) ? `[${mimeOf(part)}]` : '');
  });
  return texts.filter((text) => text.trim() !== '').join('\n\n');
}

const FILES = ['inlineData', 'fileData'];

/** `image` for a picture of any form. */
function mimeOf(part: Fields): string {
  const file = FILES.map((kind) => part[kind]).find(isPlainObject) ?? {};
  return textIn(file, 'mimeType')?.split('/')[0] ?? 'file';
}

function partsOf(content: unknown): readonly unknown[] {
  return Array.isArray(content) ? content : [content];
}
