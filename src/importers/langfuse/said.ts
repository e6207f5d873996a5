import { isPlainObject } from '../../domain/json.ts';
import { decoded } from '../reading/decoded.ts';

/** Who said it. */
export type Speaker = 'user' | 'assistant';

const ROLES: Readonly<Record<Speaker, ReadonlySet<unknown>>> = {
  user: new Set(['user', 'human']),
  assistant: new Set(['assistant', 'ai', 'model']),
};

/** Where frameworks put what is said, in the order in which it is looked for. */
const MEMBERS: Readonly<Record<Speaker, readonly string[]>> = {
  user: [
    ...['messages', 'contents', 'new_message', 'prompt', 'input', 'query', 'question', 'args'],
    ...['parts', 'content', 'text'],
  ],
  assistant: [
    ...['messages', 'choices', 'message', 'output', 'response', 'parts', 'content', 'text'],
  ],
};

const MAX_DEPTH = 12;

/** The last words of this speaker in an input or output of any framework; undefined where there are none. */
export function saidIn(value: unknown, speaker: Speaker): string | undefined {
  return textIn(decoded(value), speaker, MAX_DEPTH);
}

function textIn(value: unknown, speaker: Speaker, depth: number): string | undefined {
  if (typeof value === 'string') return NOTHING.has(value.trim()) ? undefined : value;
  if (depth === 0) return undefined;
  if (Array.isArray(value)) return textInList(value, speaker, depth);
  if (!isPlainObject(value) || isOther(value, speaker)) return undefined;
  for (const name of MEMBERS[speaker]) {
    const text = textIn(value[name], speaker, depth - 1);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** What Python writes for nothing is nothing. */
const NOTHING: ReadonlySet<string> = new Set(['', 'None', 'null']);

/** Of messages the last; the parts of one message together. */
function textInList(list: readonly unknown[], speaker: Speaker, depth: number): string | undefined {
  const texts = list.flatMap((each) => textIn(each, speaker, depth - 1) ?? []);
  const areMessages = list.some((each) => isPlainObject(each) && roleOf(each) !== undefined);
  return texts.length === 0 ? undefined : areMessages ? texts.at(-1) : texts.join('\n\n');
}

/** A message of another speaker, a call of a tool, or a thought. */
function isOther(value: Record<string, unknown>, speaker: Speaker): boolean {
  const role = roleOf(value);
  if (role !== undefined) return !ROLES[speaker].has(role);
  const isTool = 'toolCallId' in value || 'function_call' in value || 'tool_call_id' in value;
  return isTool || /tool|reasoning|thinking/.test(String(textType(value)));
}

function roleOf(value: Record<string, unknown>): unknown {
  const type = textType(value);
  return value.role ?? (ROLES.user.has(type) || ROLES.assistant.has(type) ? type : undefined);
}

function textType({ type }: Record<string, unknown>): string {
  return typeof type === 'string' ? type : '';
}
