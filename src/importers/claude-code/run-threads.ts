import { importedRunId } from '../../domain/run-id.ts';
import { type Fields, objectIn, textIn, timeIn } from '../reading/fields.ts';
import { AGENT } from './agent.ts';
import { SessionPlace } from './place.ts';
import type { Ending, RunDraft, StartFrom } from './run-draft.ts';
import type { SeenElsewhere, SessionLinks } from './session-links.ts';
import { uuidOf } from './transcript-line.ts';

/** A line with its place in the file. */
export interface ThreadLine {
  fields: Fields;
  /** From 1. */
  number: number;
  /** Undefined where the line has no valid time. */
  time: string | undefined;
}

/**
 * Which line belongs to which run. Lines hang together by `parentUuid`; where that leads nowhere, a line
 * belongs to the last run of its thread. The main conversation is a thread, and so is each subagent.
 */
export class RunThreads {
  readonly runs: RunDraft[] = [];
  readonly place = new SessionPlace();
  readonly #fileSession: string;
  readonly #links: SessionLinks;
  readonly #seen: SeenElsewhere;
  readonly #byLine = new Map<string, RunDraft>();
  readonly #last = new Map<string, RunDraft>();
  /** Prompts of the main thread by the time that they were typed. */
  readonly #byTime = new Map<string, RunDraft>();
  /** How often the short ids of this file stand in it; other files may use them for other lines. */
  readonly #shortIds = new Map<string, number>();
  #undated: RunDraft[] = [];
  #lastTime: string | undefined;
  #linkedSession: string | undefined;
  /** In a file of a subagent: the line of the main file that it hangs on. */
  #outerParent: string | undefined;

  constructor(fileSession: string, links: SessionLinks, seen: SeenElsewhere) {
    this.#fileSession = fileSession;
    this.#links = links;
    this.#seen = seen;
  }

  /** The next line; null for one that was read already, here or in another file. */
  enter(fields: Fields, number: number): ThreadLine | null {
    this.place.take(fields);
    const line = { fields, number, time: timeIn(fields, 'timestamp') };
    if (line.time !== undefined) this.#dated(line.time);
    this.#linkSession(this.#sessionOf(fields));
    if (this.#isCopy(fields)) return null;
    const parent = textIn(fields, 'parentUuid');
    const run = parent === undefined ? undefined : this.#byLine.get(parent);
    if (run !== undefined) this.#hang(fields, run);
    else if (parent !== undefined && this.runs.length === 0) this.#outerParent ??= parent;
    return line;
  }

  /** The run that a line belongs to; undefined before the first of its thread. */
  runOf({ fields }: ThreadLine): RunDraft | undefined {
    const parent = this.#byLine.get(textIn(fields, 'parentUuid') ?? '');
    const run = parent?.isSidechain === isSidechain(fields) ? parent : undefined;
    const found = run ?? this.#last.get(threadOf(fields));
    if (found !== undefined) this.#hang(fields, found);
    return found;
  }

  /** A prompt begins a run, unless it is a part of one that was begun, or that one once more. */
  prompt(line: ThreadLine, parts: readonly string[]): void {
    const before = this.#sameMoment(line, parts);
    if (before === undefined) {
      const run = this.#begin(line, true);
      run.prompt.push(...parts);
      if (!run.isSidechain && line.time !== undefined) this.#byTime.set(line.time, run);
      if (run.isSidechain) run.callerRunId = this.#links.callerOf(run, this.#outerParent);
      return;
    }
    before.prompt.push(...parts.filter((part) => !before.prompt.includes(part)));
    this.#hang(line.fields, before);
    before.promptUuids.add(textIn(line.fields, 'uuid') ?? '');
    this.#last.set(threadOf(line.fields), before);
  }

  /** Work that no prompt stands before: the file begins in the middle. */
  unprompted(line: ThreadLine): RunDraft {
    const run = this.#begin(line, false);
    if (run.isSidechain) run.callerRunId = this.#links.callerOf(run, this.#outerParent);
    return run;
  }

  /** The run did something. */
  worked(run: RunDraft, { fields, time }: ThreadLine, ending: Ending): void {
    run.ending = ending;
    if (time !== undefined && time > (run.lastWorkAt ?? '')) run.lastWorkAt = time;
    run.version ??= textIn(fields, 'version');
    run.cwd ??= textIn(fields, 'cwd');
    run.branch ??= textIn(fields, 'gitBranch');
  }

  isLast(run: RunDraft): boolean {
    return [...this.#last.values()].includes(run);
  }

  end(): void {
    for (const [id, count] of this.#shortIds) if (count === 1) this.#seen.lines.add(id);
  }

  /** Whether the line was read before. One id for several lines of a file is a stand-in, and tells nothing. */
  #isCopy(fields: Fields): boolean {
    if (fields.type === 'progress') return false;
    const short = this.#shortIdOf(fields);
    const id = uuidOf(fields) ?? short;
    if (id === undefined) return false;
    // Of a model call its message and request say it, once for all of its lines.
    const isOfCall = textIn(objectIn(fields, 'message'), 'id') && textIn(fields, 'requestId');
    if (!isOfCall) this.#seen.link(id);
    if (this.#seen.lines.has(id)) return true;
    if (id === short) this.#shortIds.set(short, (this.#shortIds.get(short) ?? 0) + 1);
    else this.#seen.lines.add(id);
    return false;
  }

  /** IDE extensions write a prompt in several lines of one moment, and some write all of it again. */
  #sameMoment({ fields, time }: ThreadLine, parts: readonly string[]): RunDraft | undefined {
    if (time === undefined || isSidechain(fields)) return undefined;
    const run = this.#byTime.get(time);
    if (run === undefined) return undefined;
    const isNext = run.promptUuids.has(textIn(fields, 'parentUuid') ?? '-');
    return isNext || parts.every((part) => run.prompt.includes(part)) ? run : undefined;
  }

  #begin({ fields, number, time }: ThreadLine, hasPrompt: boolean): RunDraft {
    const known = time ?? this.#lastTime;
    const sessionId = this.#sessionOf(fields);
    const key = this.#keyOf(fields, number);
    // Without a time before it, the id must not hang on one that is found later.
    const id = importedRunId(known === undefined ? 0 : Date.parse(known), AGENT, key);
    const startFrom: StartFrom =
      time !== undefined ? 'line' : known !== undefined ? 'line-before' : 'line-after';
    const run: RunDraft = {
      ...{ id, key, line: number, isSidechain: isSidechain(fields), hasPrompt, prompt: [] },
      promptUuids: new Set([textIn(fields, 'uuid') ?? '']),
      ...{ startedAt: known, startFrom, lastWorkAt: undefined, steps: [], calls: [] },
      ...{ ending: 'prompt', error: undefined, copiedCalls: 0, sessionId },
      agentId: textIn(fields, 'agentId'),
      version: textIn(fields, 'version'),
      branch: textIn(fields, 'gitBranch'),
      cwd: textIn(fields, 'cwd'),
      callerRunId: undefined,
    };
    if (known === undefined) this.#undated.push(run);
    this.runs.push(run);
    this.#last.set(threadOf(fields), run);
    this.#hang(fields, run);
    return run;
  }

  /** What hangs on this line belongs to this run, also in files of subagents. */
  #hang(fields: Fields, run: RunDraft): void {
    const uuid = textIn(fields, 'uuid');
    if (uuid === undefined) return;
    this.#byLine.set(uuid, run);
    if (!run.isSidechain) this.#links.line(uuid, run);
  }

  #dated(time: string): void {
    this.#lastTime = time;
    for (const run of this.#undated) run.startedAt = time;
    this.#undated = [];
  }

  /** Files of subagents name the session that they belong to, wherever they lie. */
  #linkSession(session: string): void {
    if (session === this.#linkedSession) return;
    this.#linkedSession = session;
    this.#seen.link(`session ${session}`);
  }

  #sessionOf(fields: Fields): string {
    return textIn(fields, 'sessionId') ?? textIn(fields, 'session_id') ?? this.#fileSession;
  }

  /** The line's id where it is no UUID, with its session. */
  #shortIdOf(fields: Fields): string | undefined {
    const id = uuidOf(fields) === undefined ? textIn(fields, 'uuid') : undefined;
    return id === undefined ? undefined : `${this.#sessionOf(fields)}:${id}`;
  }

  /** The line's uuid; a short id with its session; the position, where there is none or it stands twice. */
  #keyOf(fields: Fields, number: number): string {
    const short = this.#shortIdOf(fields);
    const isOnly = short !== undefined && this.#shortIds.get(short) === 1;
    return uuidOf(fields) ?? (isOnly ? short : `${this.#sessionOf(fields)}#${number}`);
  }
}

function isSidechain(fields: Fields): boolean {
  return fields.isSidechain === true;
}

function threadOf(fields: Fields): string {
  return isSidechain(fields) ? `sidechain ${textIn(fields, 'agentId') ?? ''}` : 'main';
}
