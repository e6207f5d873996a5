import type { JsonValue } from '../../domain/json.ts';
import { type Fields, listIn, objectIn, textIn, timeIn } from '../reading/fields.ts';
import { OnceOfTwo } from './once-of-two.ts';
import type { RunDraft, SessionNotes } from './run-draft.ts';
import { sessionNotes } from './session-notes.ts';
import { type LinePlace, SessionRuns } from './session-runs.ts';
import { TokenTotals, usageIn } from './token-count.ts';
import { ToolSteps } from './tool-steps.ts';
import { isTyped } from './user-text.ts';

/** Items that are calls of a tool without a name of their own. */
const TOOLS: Readonly<Record<string, string>> = {
  local_shell_call: 'shell',
  web_search_call: 'web_search',
  tool_search_call: 'tool_search',
  image_generation_call: 'image_generation',
};
/** Events that say nothing about what was done. */
const WITHOUT_STEPS: ReadonlySet<string> = new Set([
  ...['task_started', 'turn_started', 'thread_settings_applied', 'thread_name_updated'],
  ...['session_configured', 'token_count', 'exec_command_begin', 'mcp_tool_call_begin'],
  ...[
    'patch_apply_begin',
    'web_search_begin',
    'agent_reasoning_section_break',
    'context_compacted',
  ],
]);

/** Takes the lines of one rollout, in order, and makes runs of them. */
export class RolloutReader {
  readonly #tools = new ToolSteps();
  readonly #totals = new TokenTotals();
  readonly #said = new OnceOfTwo();
  #notes: SessionNotes;
  #hasNotes = false;
  #runs: SessionRuns;
  #model: string | undefined;
  #cwd: string | undefined;
  #turn: string | undefined;

  /** `session`: what it is called where no line says. */
  constructor(session: string) {
    this.#notes = sessionNotes({}, session);
    this.#runs = new SessionRuns(session, undefined);
  }

  get notes(): SessionNotes {
    return this.#notes;
  }

  get runs(): readonly RunDraft[] {
    return this.#runs.runs;
  }

  /** Takes a line. Gives a sentence about one that it can make nothing of, otherwise null. */
  take(line: Fields, number: number): string | null {
    const place = { number, time: timeIn(line, 'timestamp') };
    this.#runs.passed(place);
    const type = textIn(line, 'type');
    if (line.payload === undefined) return this.#takeOld(line, type, place);
    const payload = objectIn(line, 'payload');
    if (type === 'session_meta') this.#takeMeta(payload);
    else if (type === 'turn_context') this.#takeContext(payload);
    else if (type === 'response_item') this.#takeItem(payload, place);
    else if (type === 'event_msg') this.#takeEvent(payload, place);
    else if (type === 'compacted') this.#takeCompaction(payload, place);
    else if (type !== 'world_state' && type !== 'inter_agent_communication_metadata') {
      return `Lines of the type ${type ?? 'undefined'} are not known; nothing of it is in a run.`;
    }
    return null;
  }

  /** Before there was an envelope, a line was the item itself. */
  #takeOld(line: Fields, type: string | undefined, place: LinePlace): string | null {
    if (type === 'tool_call') {
      const name = textIn(objectIn(line, 'function'), 'name') ?? 'unknown';
      this.#takeCall(line, name, place);
    } else if (type === 'tool_result') this.#takeResult(line, place);
    else if (type !== undefined && type !== 'message') this.#takeItem(line, place);
    else if (typeof line.role === 'string') {
      this.#model = textIn(line, 'model') ?? this.#model;
      this.#takeItem({ ...line, type: 'message' }, place);
    } else if (textIn(line, 'id') !== undefined && line.timestamp !== undefined)
      this.#takeMeta(line);
    else if (line.record_type === undefined) return 'The line has no payload, and no role.';
    return null;
  }

  /** The first one is that of the session; what a fork brings along of others comes after it. */
  #takeMeta(payload: Fields): void {
    if (this.#hasNotes) return;
    this.#hasNotes = true;
    this.#notes = sessionNotes(payload, this.#notes.id);
    this.#cwd = this.#notes.cwd;
    if (this.#runs.runs.length === 0) {
      this.#runs = new SessionRuns(this.#notes.id, this.#notes.startedAt);
    }
  }

  #takeContext(payload: Fields): void {
    this.#model = textIn(payload, 'model') ?? this.#model;
    this.#cwd = textIn(payload, 'cwd') ?? this.#cwd;
    this.#turn = turnIn(payload) ?? this.#turn;
    const run = this.#runs.current;
    // Older versions write it after the prompt that it is for.
    if (run?.ending === 'prompt' && run.calls.length === 0) {
      run.model ??= this.#model;
      run.cwd = this.#cwd;
    }
  }

  #takeItem(payload: Fields, place: LinePlace): void {
    const type = textIn(payload, 'type') ?? (payload.role === undefined ? '' : 'message');
    if (type === 'message') this.#takeMessage(payload, place);
    else if (type === 'reasoning') {
      for (const text of textsIn(payload, 'summary')) this.#write('thinking', 'item', text, place);
    } else if (type === 'function_call' || type === 'custom_tool_call') {
      this.#takeCall(payload, textIn(payload, 'name') ?? 'unknown', place);
    } else if (TOOLS[type] !== undefined) this.#takeCall(payload, TOOLS[type], place);
    else if (type.endsWith('_output')) this.#takeResult(payload, place);
    else if (type !== 'ghost_snapshot') this.#note(type || 'item', payload, place);
  }

  #takeMessage(payload: Fields, place: LinePlace): void {
    const text = textsIn(payload, 'content').join('\n\n');
    if (payload.role === 'assistant') this.#write('texts', 'item', text, place);
    else if (payload.role === 'user' && isTyped(text)) this.#prompt('item', text, payload, place);
    else if (payload.role === 'user' && this.#runs.current && !isSetting(text)) {
      this.#runs.step(this.#runs.current, place, { kind: 'message', name: 'user', input: text });
    }
  }

  #prompt(form: 'item' | 'event', text: string, payload: Fields, place: LinePlace): void {
    if (!this.#said.isNew(form, `prompt ${text}`)) return;
    const turn = turnIn(payload) ?? this.#turn;
    const run = this.#runs.begin(text, place, turn);
    run.cwd = this.#cwd;
  }

  #write(into: 'texts' | 'thinking', form: 'item' | 'event', text: string, place: LinePlace): void {
    if (text.trim() === '' || !this.#said.isNew(form, `${into} ${text}`)) return;
    const run = this.#runs.working(place, this.#turn);
    this.#runs.call(run, place, this.#model)[into].push(text);
    if (into === 'texts') run.answer = text;
    this.#runs.worked(run, place, into === 'texts' ? 'answer' : 'working');
  }

  #takeCall(payload: Fields, name: string, place: LinePlace): void {
    const step = this.#tools.call(payload, name, place.time);
    if (step === undefined) return;
    const run = this.#runs.working(place, this.#turn);
    this.#runs.call(run, place, this.#model);
    run.steps.push(step);
    this.#runs.worked(run, place, 'working');
    if (payload.status === 'completed' && textIn(payload, 'call_id') === undefined) {
      step.status = 'SUCCESS';
      this.#runs.input();
    }
  }

  #takeResult(payload: Fields, place: LinePlace): void {
    const run = this.#runs.working(place, this.#turn);
    if (!this.#tools.result(payload, place.time)) {
      const output = (payload.output ?? null) as JsonValue;
      this.#runs.step(run, place, { kind: 'event', name: 'tool-result', output });
    }
    this.#runs.input();
    this.#runs.worked(run, place, 'working');
  }

  #takeEvent(payload: Fields, place: LinePlace): void {
    const type = textIn(payload, 'type') ?? '';
    const text = textIn(payload, 'message') ?? textIn(payload, 'text') ?? '';
    if (type === 'user_message' && isTyped(text)) this.#prompt('event', text, payload, place);
    else if (type === 'agent_message') this.#write('texts', 'event', text, place);
    else if (type === 'agent_reasoning') this.#write('thinking', 'event', text, place);
    else if (type === 'token_count')
      this.#count(this.#totals.take(objectIn(payload, 'info')), place);
    else if (type === 'turn.completed') this.#count(usageIn(objectIn(payload, 'usage')), place);
    else if (type === 'turn_aborted') this.#end('aborted', textIn(payload, 'reason'), place);
    else if (type === 'error') this.#end('error', text, place);
    else if (this.#tools.has(payload)) this.#tools.outcome(payload, hasFailed(payload));
    else if (type === 'task_started' || type === 'turn_started') {
      this.#turn = turnIn(payload) ?? this.#turn;
    } else if (type !== 'task_complete' && !WITHOUT_STEPS.has(type))
      this.#note(type, payload, place);
  }

  #count(usage: ReturnType<typeof usageIn>, place: LinePlace): void {
    if (usage === undefined) return;
    const run = this.#runs.working(place, this.#turn);
    this.#runs.count(run, usage, place, this.#model);
  }

  #end(ending: 'aborted' | 'error', said: string | undefined, place: LinePlace): void {
    const run = this.#runs.current;
    if (run === undefined) return;
    const step = { kind: 'event', name: ending, ...(said && { error: said }) } as const;
    this.#runs.step(run, place, step);
    if (ending === 'error') run.error = said;
    this.#runs.worked(run, place, ending);
  }

  #takeCompaction(payload: Fields, place: LinePlace): void {
    if (this.#runs.current === undefined) return;
    const output = textIn(payload, 'message');
    const step = { kind: 'event', name: 'compacted', ...(output && { output }) } as const;
    this.#runs.step(this.#runs.current, place, step);
    this.#runs.input();
  }

  /** Something that is neither call nor answer: only its name is told. */
  #note(name: string, payload: Fields, place: LinePlace): void {
    const run = this.#runs.current;
    if (run === undefined) return;
    const said = textIn(payload, 'message');
    this.#runs.step(run, place, { kind: 'event', name, ...(said && { output: said }) });
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The id of a turn where it is one in all files. */
function turnIn(payload: Fields): string | undefined {
  const id =
    textIn(payload, 'turn_id') ??
    textIn(objectIn(payload, 'internal_chat_message_metadata_passthrough'), 'turn_id') ??
    textIn(objectIn(payload, 'metadata'), 'turn_id');
  return id !== undefined && UUID.test(id) ? id : undefined;
}

function textsIn(payload: Fields, name: string): string[] {
  const whole = textIn(payload, name);
  if (whole !== undefined) return [whole];
  return listIn(payload, name).flatMap((part) => {
    if (typeof part === 'string') return part;
    return typeof part === 'object' && part !== null ? (textIn(part as Fields, 'text') ?? []) : [];
  });
}

/** What Codex tells the model of its surroundings is no part of a conversation. */
function isSetting(text: string): boolean {
  return /^\s*(?:<environment_context>|<user_instructions>|<INSTRUCTIONS>|# AGENTS\.md|$)/.test(
    text,
  );
}

function hasFailed(payload: Fields): boolean {
  const { exit_code: exitCode, success } = payload;
  const isError = objectIn(objectIn(payload, 'result'), 'Ok').isError === true;
  return (typeof exitCode === 'number' && exitCode !== 0) || success === false || isError;
}
