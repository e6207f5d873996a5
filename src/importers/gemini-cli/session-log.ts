import { isPlainObject } from '../../domain/json.ts';
import type { Transcript } from '../../repository/importer.ts';
import { type Fields, listIn, objectIn, textIn, timeIn } from '../reading/fields.ts';
import { WHOLE_FILE } from '../reading/json-records.ts';

/** A message as it was written last. */
export interface LoggedMessage {
  fields: Fields;
  /** Its id in all files; one that is no UUID stands with its session. */
  key: string;
  file: Transcript;
  /** Where it was written first: `line 12`, `message 3`. */
  place: string;
  /** False for what only stands in a list of what the model was shown again. */
  isRecorded: boolean;
}

/** Something of a file that nothing was made of. */
export interface Unread {
  place: string;
  reason: string;
  /** Undefined for what has nothing of a session. */
  value?: unknown;
}

const NO_SESSION = 'This is neither a session of Gemini CLI nor a part of one.';

const MESSAGE_TYPES: ReadonlySet<unknown> = new Set([
  ...['user', 'gemini', 'model', 'info', 'warning', 'error'],
]);

/**
 * What a session file says. A session is written as one document, or line by line: a head, messages, each
 * again whenever it changes, and changes of the head. A message alone is a file as well.
 */
export class SessionLog {
  readonly messages = new Map<string, LoggedMessage>();
  readonly file: Transcript;
  #head: Fields = {};

  constructor(file: Transcript) {
    this.file = file;
  }

  get sessionId(): string | undefined {
    return textIn(this.#head, 'sessionId');
  }

  get projectHash(): string | undefined {
    return textIn(this.#head, 'projectHash');
  }

  /** Undefined where the head has no valid time. */
  get startTime(): string | undefined {
    return timeIn(this.#head, 'startTime');
  }

  get isSubagent(): boolean {
    return this.#head.kind === 'subagent';
  }

  /** The names by which other files may hold the same, or what belongs to it. */
  *names(): Generator<string> {
    if (this.sessionId !== undefined) yield `session ${this.sessionId}`;
    for (const { key, fields } of this.messages.values()) {
      yield key;
      for (const tool of listIn(fields, 'toolCalls').filter(isPlainObject)) {
        const agent = textIn(tool, 'agentId');
        if (agent !== undefined) yield `session ${agent}`;
      }
    }
  }

  /** Takes a record. Gives what it can make nothing of. */
  take(record: unknown, place: string): Unread[] {
    if (!isPlainObject(record)) return [{ place, reason: NO_SESSION }];
    // A prompt that was taken back was a run all the same.
    if (record.$rewindTo !== undefined) return [];
    if (isPlainObject(record.$set)) return this.#takeHead(record.$set, place, false);
    if (record.type !== undefined) return this.#takeMessage(record, place, true);
    const isHead = record.sessionId !== undefined || record.messages !== undefined;
    if (isHead) return this.#takeHead(record, place, true);
    // Of a file that may be anything, such as one of settings, nothing is kept.
    const isLine = /\.jsonl(\.|$)/.test(this.file.path);
    return [{ place, reason: NO_SESSION, ...(isLine && { value: record }) }];
  }

  #takeHead({ messages, ...head }: Fields, place: string, isRecorded: boolean): Unread[] {
    this.#head = { ...this.#head, ...head };
    if (messages !== undefined && !Array.isArray(messages)) {
      return [
        { place, reason: 'Where messages are listed stands something else.', value: messages },
      ];
    }
    return listIn({ messages }, 'messages').flatMap((value, index) => {
      const at = `${place === WHOLE_FILE ? '' : `${place}, `}message ${index + 1}`;
      if (isPlainObject(value)) return this.#takeMessage(value, at, isRecorded);
      return [{ place: at, reason: 'The message is no object.', value }];
    });
  }

  #takeMessage(fields: Fields, place: string, isRecorded: boolean): Unread[] {
    const id = textIn(fields, 'id');
    if (!MESSAGE_TYPES.has(fields.type)) {
      const type = textIn(fields, 'type') ?? 'that it has';
      const reason = `Messages of the type ${type} are not known; nothing of it is in a run.`;
      return [{ place, reason, value: fields }];
    }
    const session = this.sessionId ?? this.file.path;
    const key = id && UUID.test(id) ? id.toLowerCase() : `${session}:${id ?? place}`;
    const known = this.messages.get(key);
    const message = { fields, key, file: this.file, place, isRecorded };
    if (known === undefined) this.messages.set(key, message);
    else if (isRecorded || extentOf(fields) > extentOf(known.fields)) {
      this.messages.set(key, { ...known, fields, isRecorded: known.isRecorded || isRecorded });
    }
    return unreadTools(fields, place);
  }
}

/** What stands where calls of tools belong, and is none. */
function unreadTools({ toolCalls }: Fields, place: string): Unread[] {
  const list = Array.isArray(toolCalls) ? toolCalls : [toolCalls];
  const unread = list.filter((tool) => tool !== undefined && tool !== null && !isPlainObject(tool));
  const reason =
    'Where a call of a tool belongs stands something else; the message is taken without.';
  return unread.map((value) => ({ place, reason, value }));
}

/** The messages of one session in the order in which they were written first, from files in this order. */
export function mergedMessages(logs: readonly SessionLog[]): LoggedMessage[] {
  const merged = new Map<string, LoggedMessage>();
  for (const message of logs.flatMap((log) => [...log.messages.values()])) {
    const known = merged.get(message.key);
    if (known === undefined) merged.set(message.key, message);
    else if (extentOf(message.fields) > extentOf(known.fields)) {
      merged.set(message.key, { ...known, fields: message.fields });
    }
  }
  return [...merged.values()];
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** How much of a message is known: it is written before its tools were called, and before they ended. */
function extentOf(fields: Fields): number {
  const tools = listIn(fields, 'toolCalls').filter(isPlainObject);
  const ended = tools.filter(({ status }) => ENDED.has(status));
  return tools.length + ended.length + (Object.keys(objectIn(fields, 'tokens')).length > 0 ? 1 : 0);
}

const ENDED: ReadonlySet<unknown> = new Set(['success', 'error', 'cancelled']);
