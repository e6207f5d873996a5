import { isPlainObject } from '../../domain/json.ts';
import { normalizeTime } from '../../domain/time.ts';

/** A JSON object of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>;

const NONE: Fields = {};

/** A member that is an object; an empty one where it is none. */
export function objectIn(fields: Fields, name: string): Fields {
  const value = fields[name];
  return isPlainObject(value) ? value : NONE;
}

/** A member that is a string and not empty. */
export function textIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The blocks of a message: its content, a string being one text block. */
export function blocksOf(line: Fields): Fields[] {
  const { message } = line;
  const content = isPlainObject(message) ? message.content : message;
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) return [];
  return content.map((block: unknown) =>
    isPlainObject(block) ? block : { type: 'text', text: String(block) },
  );
}

/** When a line was written, normalised; undefined where it does not say, or nothing that is a time. */
export function timeOf(line: Fields): string | undefined {
  const time = normalizeTime(line.timestamp);
  return time.ok ? time.value : undefined;
}

/** What kind of line it is. Old files leave `type` out of messages, which have a role. */
export function typeOf(line: Fields): string | undefined {
  return textIn(line, 'type') ?? textIn(objectIn(line, 'message'), 'role');
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The line's id where it is one in all files: a UUID. Shorter names stand for other lines elsewhere. */
export function uuidOf(line: Fields): string | undefined {
  const id = textIn(line, 'uuid');
  return id !== undefined && UUID.test(id) ? id.toLowerCase() : undefined;
}
