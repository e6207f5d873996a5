import type { JsonValue } from '../../domain/json.ts';
import type { Transcript } from '../../repository/importer.ts';
import { epochIn, type Fields, objectIn, optional, textIn } from '../reading/fields.ts';
import { beginRun, type RunDraft, worked } from '../reading/run-draft.ts';
import { AGENT } from './agent.ts';
import { endingOfError } from './ending.ts';
import { MessageCalls } from './message-calls.ts';

/** A run, and the session that it is of. */
export interface OutputRun {
  draft: RunDraft;
  session: string;
}

/** Makes runs of the lines that `opencode run --format json` prints, in order. */
export class OutputRuns {
  readonly drafts: OutputRun[] = [];
  readonly sessions = new Set<string>();
  readonly #file: Transcript;
  readonly #known: Set<string>;
  /** Messages of this file: they are known to others from its end on. */
  readonly #own = new Set<string>();
  #message: { id: string; calls: MessageCalls } | undefined;

  constructor(file: Transcript, known: Set<string>) {
    this.#file = file;
    this.#known = known;
  }

  /** Takes a line. Gives a sentence about one that it can make nothing of, otherwise null. */
  take(line: Fields, number: number): string | null {
    const session = textIn(line, 'sessionID');
    const type = textIn(line, 'type') ?? '(none)';
    if (session === undefined) return 'The line names no session of opencode.';
    if (type !== 'error' && !PARTS.has(type)) {
      return `Lines of the type ${type} are not known; nothing of it is in a run.`;
    }
    const part = objectIn(line, 'part');
    if (part.type !== PARTS.get(type)) return `The line says ${type}, but holds something else.`;
    this.sessions.add(session);
    const time = epochIn(line, 'timestamp');
    const message = textIn(part, 'messageID') ?? `${session}@${time ?? number}`;
    if (this.#known.has(message)) return null;
    this.#own.add(message);
    const run = this.#runOf({ session, message, time, number });
    if (type === 'error') this.#fail(run, objectIn(line, 'error'), time);
    else {
      this.#callsOf(run, message, line.timestamp).take(part);
      worked(run, time, run.ending);
    }
    return null;
  }

  /** The file is read. */
  end(): void {
    this.#endMessage();
    for (const message of this.#own) this.#known.add(message);
  }

  #runOf(at: {
    session: string;
    message: string;
    time: string | undefined;
    number: number;
  }): RunDraft {
    const { session, message, time, number } = at;
    if (this.#message !== undefined && this.#message.id !== message) this.#endMessage();
    const last = this.drafts.at(-1);
    const isOver = this.#message === undefined && last?.draft.ending !== 'working';
    if (last !== undefined && last.session === session && !isOver) return last.draft;
    this.#endMessage();
    const [file, place] = [this.#file, `line ${number}`];
    const beginning = { agent: AGENT, key: message, file, place, startedAt: time };
    const draft = beginRun({ ...beginning, prompt: undefined });
    this.drafts.push({ draft, session });
    return draft;
  }

  #callsOf(run: RunDraft, id: string, created: unknown): MessageCalls {
    this.#message ??= { id, calls: new MessageCalls(run, { time: { created } }) };
    return this.#message.calls;
  }

  #fail(run: RunDraft, error: Fields, time: string | undefined): void {
    this.#endMessage();
    const told = error as Record<string, JsonValue>;
    const startedAt = optional('startedAt', time);
    run.steps.push({ kind: 'event', name: 'error', ...startedAt, error: told });
    worked(run, time, endingOfError(error));
  }

  #endMessage(): void {
    this.#message?.calls.end();
    this.#message = undefined;
  }
}

/** What part a line has, by its type. */
const PARTS: ReadonlyMap<string, string> = new Map([
  ['step_start', 'step-start'],
  ['step_finish', 'step-finish'],
  ['tool_use', 'tool'],
  ['text', 'text'],
  ['reasoning', 'reasoning'],
]);
