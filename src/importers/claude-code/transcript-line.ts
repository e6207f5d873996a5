import { isPlainObject } from '../../domain/json.ts';
import { type Fields, objectIn, textIn } from '../reading/fields.ts';

/** The blocks of a message: its content, a string being one text block. */
export function blocksOf(line: Fields): Fields[] {
  const { message } = line;
  const content = isPlainObject(message) ? message.content : message;
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) return [];
  return content.map((block: unknown) => {
    if (isPlainObject(block)) return block;
    return typeof block === 'string' ? { type: 'text', text: block } : { type: typeof block };
  });
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
