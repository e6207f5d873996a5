import type { JsonValue } from '../../domain/json.ts';
import type { RunStep } from '../../domain/run.ts';
import type { Transcript } from '../../repository/importer.ts';
import { durationBetween, type Fields, optional, textIn, timeIn } from '../reading/fields.ts';
import { addCall, beginRun, type Ending, type RunDraft, worked } from '../reading/run-draft.ts';
import { AGENT } from './agent.ts';
import { callKey, type MessageEntry, messageOf, partsOf, promptKey, textOf } from './entry.ts';
import { figuresOf } from './usage.ts';

/** What sessions read before had, so that nothing that was copied counts twice. */
export interface SeenElsewhere {
  /** How often each stood there. */
  prompts: Map<string, number>;
  calls: Set<string>;
}

/** Entries of which runs have no use: settings, names, and what extensions keep for themselves. */
const WITHOUT_STEPS: ReadonlySet<unknown> = new Set([
  ...['session', 'model_change', 'thinking_level_change', 'label', 'session_info', 'custom'],
  ...['context_transform', 'context_edit', 'ephemeral'],
]);

/** Makes runs of the entries of one session file, in order. */
export class SessionRuns {
  readonly drafts: RunDraft[] = [];
  /** Runs all of whose calls an earlier session has. */
  readonly copies = new Set<RunDraft>();
  /** The run that was worked on last. */
  current: RunDraft | undefined;
  readonly #file: Transcript;
  readonly #session: string;
  readonly #seen: SeenElsewhere;
  readonly #link: (name: string) => void;
  readonly #byEntry = new Map<string, RunDraft>();
  readonly #tools = new Map<string, RunStep>();

  constructor(
    file: Transcript,
    { session, seen, link }: { session: string; seen: SeenElsewhere; link: (name: string) => void },
  ) {
    this.#file = file;
    this.#session = session;
    this.#seen = seen;
    this.#link = link;
  }

  /** Takes an entry. Gives a sentence about one that it can make nothing of, otherwise null. */
  take(entry: Fields, number: number): string | null {
    const parent = this.#byEntry.get(textIn(entry, 'parentId') ?? '');
    if (parent !== undefined) this.current = parent;
    const reason = this.#takeByType(entry, number);
    const id = textIn(entry, 'id');
    if (id !== undefined && this.current !== undefined) this.#byEntry.set(id, this.current);
    return reason;
  }

  #takeByType(entry: Fields, number: number): string | null {
    const type = textIn(entry, 'type');
    if (type === 'message') return this.#takeMessage(entry, number);
    if (type === 'compaction' || type === 'branch_summary' || type === 'usage') {
      this.#takeSummary(entry, type);
    } else if (type === 'custom_message') this.#takeTold(entry, timeIn(entry, 'timestamp'));
    else if (type === undefined) return 'The line has no type.';
    else if (!WITHOUT_STEPS.has(type)) {
      return `Lines of the type ${type} are not known; nothing of it is in a run.`;
    }
    return null;
  }

  #takeMessage(entry: Fields, number: number): string | null {
    const told = messageOf(entry);
    const { role, message } = told;
    if (role === 'user') return this.#takeUser(entry, told, number);
    if (role === 'assistant') this.#takeAssistant(entry, told, number);
    else if (role === 'toolResult') this.#takeResult(entry, told, number);
    else if (role === 'bashExecution') this.#takeShell(told);
    else if (role === 'custom' || role === 'hookMessage') this.#takeTold(message, told.writtenAt);
    else if (role === 'compactionSummary' || role === 'branchSummary') {
      this.#takeSummary(message, role);
    } else
      return `Messages of the role ${role ?? '(none)'} are not known; nothing of it is in a run.`;
    return null;
  }

  #takeUser(entry: Fields, told: MessageEntry, number: number): string | null {
    const text = textOf(told.message);
    if (text === '') return 'The message has no content.';
    const run = this.current;
    if (run !== undefined && isSteering(run, told)) {
      this.#add(run, { kind: 'message', name: 'user', input: text }, told.writtenAt);
      return null;
    }
    this.#begin(entry, told, number, text);
    return null;
  }

  #takeAssistant(entry: Fields, told: MessageEntry, number: number): void {
    const { message, at, writtenAt } = told;
    const run = this.current ?? this.#begin(entry, told, number, undefined);
    const tools = partsOf(message, 'toolCall');
    const key = callKey(told);
    if (key !== undefined) {
      this.#link(`call ${key}`);
      if (this.#seen.calls.has(key)) {
        this.copies.add(run);
        return;
      }
      this.#seen.calls.add(key);
    }
    const text = textOf(message);
    const thinking = partsOf(message, 'thinking').flatMap((part) => textIn(part, 'thinking') ?? []);
    const output = {
      ...(thinking.length > 0 && { thinking: thinking.join('\n\n') }),
      ...(text !== '' && { text }),
    };
    const ending = endingOf(message, tools.length > 0);
    addCall(
      run,
      {
        ...{ kind: 'model_call', ...optional('model', textIn(message, 'model')) },
        ...statusOf(ending),
        ...{ ...optional('startedAt', at), ...durationBetween(at, writtenAt) },
        ...(Object.keys(output).length > 0 && { output }),
      },
      figuresOf(message),
    );
    if (text !== '') run.answer = text;
    for (const tool of tools) this.#takeCall(run, tool, writtenAt);
    worked(run, writtenAt, ending);
  }

  #takeCall(run: RunDraft, tool: Fields, time: string | undefined): void {
    const step: RunStep = { kind: 'tool_call', name: textIn(tool, 'name') ?? 'unknown' };
    if (tool.arguments !== undefined) step.input = tool.arguments as JsonValue;
    this.#add(run, step, time);
    const id = textIn(tool, 'id');
    const added = run.steps.at(-1);
    if (id !== undefined && added !== undefined) this.#tools.set(id, added);
  }

  #takeResult(entry: Fields, told: MessageEntry, number: number): void {
    const { message, at, writtenAt } = told;
    const run = this.current ?? this.#begin(entry, told, number, undefined);
    const failed = message.isError === true;
    const content = message.content as JsonValue | undefined;
    const result = content === undefined ? {} : { [failed ? 'error' : 'output']: content };
    const id = textIn(message, 'toolCallId') ?? '';
    const step = this.#tools.get(id);
    this.#tools.delete(id);
    if (step !== undefined) {
      Object.assign(step, result, durationBetween(step.startedAt, at));
      step.status = failed ? 'FAILED' : 'SUCCESS';
    } else if (!this.copies.has(run)) {
      this.#add(run, { kind: 'event', name: 'tool-result', ...result }, writtenAt);
    }
    this.#takeUsage(run, message, textIn(message, 'toolName') ?? 'tool', writtenAt);
    worked(run, writtenAt, run.ending === 'cancelled' ? 'cancelled' : 'working');
  }

  /** A command that the user ran beside the conversation. */
  #takeShell({ message, writtenAt }: MessageEntry): void {
    const { command, output } = message as Record<string, JsonValue | undefined>;
    const step: RunStep = { kind: 'event', name: 'bash' };
    if (command !== undefined) step.input = command;
    if (output !== undefined) step.output = output;
    if (this.current !== undefined) this.#add(this.current, step, writtenAt);
  }

  /** What an extension told the model. */
  #takeTold(message: Fields, time: string | undefined): void {
    const step: RunStep = { kind: 'message', name: 'user', input: textOf(message) };
    if (this.current !== undefined) this.#add(this.current, step, time);
  }

  #takeSummary(entry: Fields, name: string): void {
    const run = this.current;
    if (run === undefined) return;
    const time = timeIn(entry, 'timestamp');
    const output = textIn(entry, 'summary');
    if (name !== 'usage')
      this.#add(run, { kind: 'event', name, ...optional('output', output) }, time);
    this.#takeUsage(run, entry, name, time);
  }

  /** Calls of a model that are no part of the conversation: a tool's own, a summary's. */
  #takeUsage(run: RunDraft, owner: Fields, name: string, time: string | undefined): void {
    const figures = figuresOf(owner);
    if (figures.usage === undefined) return;
    addCall(run, { kind: 'model_call', name, ...optional('startedAt', time) }, figures);
  }

  #begin(entry: Fields, told: MessageEntry, number: number, prompt: string | undefined): RunDraft {
    const known = promptKey(entry, told) ?? `${this.#session}#${number}`;
    this.#link(`prompt ${known}`);
    const copies = this.#seen.prompts.get(known) ?? 0;
    this.#seen.prompts.set(known, copies + 1);
    const isCopy = copies > 0;
    // What a fork goes on with in the middle of a run is a run of its own.
    const key = isCopy ? `${this.#session}:${known}:${copies}` : known;
    const file = this.#file;
    const place = `line ${number}`;
    const run = beginRun({ agent: AGENT, key, file, place, startedAt: told.at, prompt });
    if (isCopy) this.copies.add(run);
    this.drafts.push(run);
    this.current = run;
    return run;
  }

  #add(run: RunDraft, step: RunStep, time: string | undefined): void {
    run.steps.push({ ...step, ...optional('startedAt', time) });
  }
}

/** Typed while the agent worked, and given to it on its way. */
function isSteering(run: RunDraft, { at }: MessageEntry): boolean {
  return run.ending === 'working' && at !== undefined && at < (run.lastWorkAt ?? '');
}

function endingOf(message: Fields, hasTools: boolean): Ending {
  const reason = textIn(message, 'stopReason');
  if (reason === 'aborted') return 'cancelled';
  if (reason === 'error') {
    const text = textIn(message, 'errorMessage') ?? 'The model could not be reached.';
    return { code: 'API_ERROR', message: text, recoverable: true };
  }
  return reason === 'toolUse' || hasTools ? 'working' : 'answer';
}

function statusOf(ending: Ending): Pick<RunStep, 'status' | 'error'> {
  if (ending === 'cancelled') return { status: 'CANCELLED' };
  return typeof ending === 'object'
    ? { status: 'FAILED', error: ending.message }
    : { status: 'SUCCESS' };
}
