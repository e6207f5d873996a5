import { epochIn, type Fields, objectIn, textIn } from '../reading/fields.ts';
import { WHOLE_FILE } from '../reading/json-records.ts';
import { beginRun, type RunDraft } from '../reading/run-draft.ts';
import { AGENT } from './agent.ts';
import { MessageCalls, modelOf } from './message-calls.ts';
import { eventStep, isSynthetic, promptText } from './parts.ts';
import { createdOf, type Stored, type StoredMessage } from './stored.ts';

/** What sessions before had, and the tools by which they started others. */
export interface SeenElsewhere {
  messages: Set<string>;
  calls: Set<string>;
  /** By the id of the session that was started: runs in the order in which they did. */
  callers: Map<string, { run: RunDraft; at: string | undefined }[]>;
}

/** Makes runs of the messages of one session, in order. */
export class SessionRuns {
  readonly drafts: RunDraft[] = [];
  /** Runs of which another session has calls. */
  readonly copies = new Set<RunDraft>();
  readonly #seen: SeenElsewhere;
  readonly #byMessage = new Map<string, RunDraft>();

  constructor(seen: SeenElsewhere) {
    this.#seen = seen;
  }

  take(message: StoredMessage): void {
    this.#seen.messages.add(message.id);
    if (message.fields.role === 'user') this.#takeUser(message);
    else this.#takeAssistant(message);
  }

  #takeUser(message: StoredMessage): void {
    const typed = message.parts.flatMap(({ fields }) => promptText(fields) ?? []);
    const prompt = typed.length > 0 ? typed.join('\n\n') : undefined;
    const time = createdOf(message.fields);
    const run = this.drafts.at(-1);
    const isNote = prompt === undefined && message.parts.length > 0;
    if (run === undefined || !(isNote || isSteering(run, time))) {
      this.#begin(message.id, message, prompt);
      return;
    }
    this.#byMessage.set(message.id, run);
    const texts = message.parts.flatMap(({ fields }) => {
      return isSynthetic(fields) ? (textIn(fields, 'text') ?? []) : [];
    });
    const input = prompt ?? texts.join('\n\n');
    const startedAt = time === undefined ? {} : { startedAt: time };
    if (input !== '') run.steps.push({ kind: 'message', name: 'user', ...startedAt, input });
    for (const { fields } of message.parts) {
      const event = fields.type === 'compaction' ? eventStep(fields) : undefined;
      if (event !== undefined) run.steps.push({ ...event, ...startedAt });
    }
  }

  #takeAssistant(message: StoredMessage): void {
    const { fields, parts } = message;
    const asked = textIn(fields, 'parentID');
    const known = asked === undefined ? this.drafts.at(-1) : this.#byMessage.get(asked);
    const run = known ?? this.#begin(asked ?? message.id, message, undefined);
    this.#byMessage.set(message.id, run);
    const key = callKey(fields);
    if (key !== undefined && this.#seen.calls.has(key)) {
      this.copies.add(run);
      return;
    }
    if (key !== undefined) this.#seen.calls.add(key);
    const calls = new MessageCalls(run, fields);
    for (const part of parts) {
      calls.take(part.fields);
      this.#noteStarted(part.fields, run);
    }
    calls.end();
  }

  /** A tool that worked in a session of its own says which. */
  #noteStarted(part: Fields, run: RunDraft): void {
    const state = objectIn(part, 'state');
    const session = textIn(objectIn(state, 'metadata'), 'sessionId');
    if (part.type !== 'tool' || session === undefined) return;
    const caller = { run, at: epochIn(objectIn(state, 'time'), 'start') };
    this.#seen.callers.set(session, [...(this.#seen.callers.get(session) ?? []), caller]);
  }

  #begin(key: string, { file, fields }: Stored, prompt: string | undefined): RunDraft {
    const startedAt = createdOf(fields);
    const run = beginRun({ agent: AGENT, key, file, place: WHOLE_FILE, startedAt, prompt });
    run.model = modelOf(fields);
    this.#byMessage.set(key, run);
    this.drafts.push(run);
    return run;
  }
}

/** Typed while the agent worked, and given to it on its way. */
function isSteering(run: RunDraft, time: string | undefined): boolean {
  return run.ending === 'working' && time !== undefined && time < (run.lastWorkAt ?? '');
}

/**
 * What a message of a model is known by in all sessions: a fork has copies under new ids. Undefined while it
 * is being written.
 */
function callKey(message: Fields): string | undefined {
  const { created, completed } = objectIn(message, 'time');
  if (typeof created !== 'number' || typeof completed !== 'number') return undefined;
  const { input, output } = objectIn(message, 'tokens');
  return JSON.stringify([created, completed, input, output, modelOf(message)]);
}
