import { createHash } from 'node:crypto';
import { isPlainObject } from '../../domain/json.ts';
import { epochIn, type Fields, listIn, objectIn, textIn, timeIn } from '../reading/fields.ts';

/** A line of a session file that is a message. */
export interface MessageEntry {
  message: Fields;
  role: string | undefined;
  /** When the message came to be: a prompt was typed, an answer asked for, a result there. */
  at: string | undefined;
  /** When it was written down: for an answer, when it was whole. */
  writtenAt: string | undefined;
}

/** What a message entry says of itself. Copies of it in other sessions keep the message's own time. */
export function messageOf(entry: Fields): MessageEntry {
  const message = objectIn(entry, 'message');
  const writtenAt = timeIn(entry, 'timestamp');
  const at = epochIn(message, 'timestamp') ?? writtenAt;
  return { message, role: textIn(message, 'role'), at, writtenAt };
}

/**
 * The id of a prompt: its time with the id of its entry, or, in sessions that have none, with a hash of
 * its text. Undefined where it has no time.
 */
export function promptKey(entry: Fields, { at, message }: MessageEntry): string | undefined {
  if (at === undefined) return undefined;
  const hash = () => createHash('sha256').update(textOf(message)).digest('hex').slice(0, 16);
  return `${at}-${textIn(entry, 'id') ?? hash()}`;
}

/** What an answer is known by in all files: entries get new ids when an old session is brought up to date. */
export function callKey({ at, message }: MessageEntry): string | undefined {
  if (at === undefined) return undefined;
  const { input, output, cacheRead, cacheWrite } = objectIn(message, 'usage');
  const told = [textIn(message, 'responseId'), textIn(message, 'model'), textOf(message)];
  const hash = createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 16);
  return JSON.stringify([at, input, output, cacheRead, cacheWrite, hash]);
}

/** The parts of a message of one type. A content that is a string is one part of text. */
export function partsOf({ content }: Fields, type: string): Fields[] {
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  return listIn({ parts }, 'parts')
    .filter(isPlainObject)
    .filter((part) => part.type === type);
}

/** The text of a message. Pictures are named. */
export function textOf(message: Fields): string {
  const texts = partsOf(message, 'text').flatMap((part) => textIn(part, 'text') ?? []);
  return [...texts, ...partsOf(message, 'image').map(() => '[image]')].join('\n\n');
}
