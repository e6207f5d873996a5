import type { JsonValue } from '../../domain/json.ts';
import { isPlainObject } from '../../domain/json.ts';
import type { RunStep } from '../../domain/run.ts';
import { durationBetween, type Fields, listIn, optional, textIn } from '../reading/fields.ts';
import { addCall, beginRun, type Ending, type RunDraft, worked } from '../reading/run-draft.ts';
import { tokenCount } from '../reading/usage.ts';
import { AGENT } from './agent.ts';
import type { Event } from './event.ts';
import { STEPS, WITHOUT_STEPS } from './event-types.ts';
import { usageOfShutdown } from './shutdown-usage.ts';
import { ToolCalls } from './tool-calls.ts';

/** Makes runs of the events of one session, in order. */
export class SessionRuns {
  readonly drafts: RunDraft[] = [];
  /** Runs of subagents, and the runs that started them. */
  readonly callers = new Map<RunDraft, RunDraft | undefined>();
  /** Runs that the session itself says how they ended. */
  readonly recorded = new Set<RunDraft>();
  /** The last run that was prompted. */
  main: RunDraft | undefined;
  readonly #session: string;
  readonly #tools = new ToolCalls();
  readonly #agents = new Map<string, RunDraft>();
  /** Output that messages stated since the session began or was resumed, by model. */
  #stated = new Map<string, number>();
  #model: string | undefined;
  #time: string | undefined;
  #turnBegan: string | undefined;
  #isInTurn = false;

  constructor(session: string) {
    this.#session = session;
  }

  /** Takes an event. Gives a sentence about one that it can make nothing of, otherwise null. */
  take(event: Event): string | null {
    this.#time = event.time ?? this.#time;
    const { type, data } = event;
    this.#takeModel(data);
    if (type === 'user.message') this.#takeUser(event);
    else if (type === 'assistant.message') this.#takeAssistant(event);
    else if (type === 'assistant.turn_start' || type === 'assistant.turn_end') {
      this.#isInTurn = type === 'assistant.turn_start';
      this.#turnBegan = this.#isInTurn ? event.time : undefined;
    } else if (type === 'tool.execution_start' || type === 'tool.execution_complete') {
      this.#takeTool(event);
    } else if (type.startsWith('subagent.')) this.#takeSubagent(event);
    else if (type === 'session.shutdown') this.#takeShutdown(event);
    else if (STEPS.has(type)) this.#takeNotice(event);
    else if (!WITHOUT_STEPS.some((pattern) => pattern.test(type))) {
      return `Events of the type ${type} are not known; nothing of it is in a run.`;
    }
    if (type === 'session.resume' || type === 'session.shutdown') {
      this.#stated = new Map();
      this.#isInTurn = false;
    }
    return null;
  }

  #takeModel(data: Fields): void {
    const model = textIn(data, 'newModel') ?? textIn(data, 'selectedModel');
    if (model !== undefined && model !== 'auto') this.#model = model;
  }

  #takeUser(event: Event): void {
    const text = textIn(event.data, 'content');
    const source = textIn(event.data, 'source') ?? 'user';
    const isTyped = text !== undefined && source === 'user' && !this.#isOfAgent(event);
    if (isTyped && !this.#isInTurn) {
      this.main = this.#begin(event, text);
      return;
    }
    const input = text ?? textIn(event.data, 'transformedContent');
    const run = this.#runOf(event);
    if (run && input !== undefined) this.#add(run, { kind: 'message', name: 'user', input });
  }

  #takeAssistant(event: Event): void {
    const { data, time } = event;
    const run = this.#runOf(event) ?? this.#beginWithout(event);
    const [text, thinking] = [textIn(data, 'content'), textIn(data, 'reasoningText')];
    const model = textIn(data, 'model') ?? this.#model;
    const outputTokens = tokenCount(data.outputTokens);
    const isOfMain = !this.callers.has(run);
    const begin = (isOfMain ? this.#turnBegan : undefined) ?? time;
    if (isOfMain) this.#turnBegan = undefined;
    const output = { ...optional('thinking', thinking), ...optional('text', text) };
    const step: RunStep = {
      ...{ kind: 'model_call', ...optional('model', model), status: 'SUCCESS' },
      ...{ ...optional('startedAt', begin ?? this.#time), ...durationBetween(begin, time) },
      ...(Object.keys(output).length > 0 && { output }),
    };
    const usage = outputTokens === null ? undefined : { ...NO_USAGE, outputTokens };
    addCall(run, step, { usage, costUsd: undefined });
    this.#stated.set(model ?? '', (this.#stated.get(model ?? '') ?? 0) + (outputTokens ?? 0));
    if (text !== undefined) run.answer = text;
    const tools = listIn(data, 'toolRequests').filter(isPlainObject);
    for (const tool of tools) this.#tools.take(run, tool, time);
    this.#worked(run, tools.length === 0 && text !== undefined ? 'answer' : 'working');
  }

  #takeTool(event: Event): void {
    const run = this.#runOf(event) ?? this.#beginWithout(event);
    if (event.type === 'tool.execution_start') this.#tools.take(run, event.data, event.time);
    else this.#tools.complete(run, event);
    this.#worked(run, run.ending === 'cancelled' ? 'cancelled' : 'working');
  }

  /** A subagent's work is a run of its own. */
  #takeSubagent(event: Event): void {
    const { type, data } = event;
    const id = textIn(data, 'toolCallId') ?? '';
    const known = this.#agents.get(id);
    if (type === 'subagent.started') {
      const caller = this.#runOf(event);
      const run = this.#begin(event, this.#tools.promptOf(id));
      this.callers.set(run, caller);
      this.#agents.set(id, run);
    } else if (known !== undefined) {
      const message = textIn(data, 'error') ?? 'The subagent failed.';
      const failure: Ending = { code: 'AGENT_ERROR', message, recoverable: true };
      this.#worked(known, type === 'subagent.failed' ? failure : 'answer');
    } else if (this.main !== undefined) this.#add(this.main, { kind: 'event', name: type });
  }

  /** What the session says of the run: that it was stopped, failed, was completed; what was cut. */
  #takeNotice(event: Event): void {
    const { type, data } = event;
    const run = this.#runOf(event);
    if (run === undefined) return;
    const text = textIn(data, 'message') ?? textIn(data, 'summary') ?? textIn(data, 'content');
    if (type === 'system.notification') {
      this.#add(run, { kind: 'message', name: 'user', ...optional('input', text) });
      return;
    }
    const isError = type === 'session.error';
    this.#add(run, { kind: 'event', name: type, ...optional(isError ? 'error' : 'output', text) });
    const failure = (fallback: string): Ending => ({
      ...{
        code: isError ? 'API_ERROR' : 'AGENT_ERROR',
        message: text ?? fallback,
        recoverable: true,
      },
    });
    if (type === 'abort') this.#worked(run, 'cancelled');
    else if (isError && run.ending !== 'answer') {
      this.#worked(run, failure('The request failed.'));
    } else if (type === 'session.task_complete') {
      this.#worked(run, data.success === false ? failure('The task failed.') : 'answer');
      this.recorded.add(run);
    }
  }

  /** What was used since the session began or was resumed stands with the last run of that time. */
  #takeShutdown({ data, time }: Event): void {
    const run = this.main ?? this.drafts.at(-1);
    if (run === undefined) return;
    for (const { model, usage, premiumRequests } of usageOfShutdown(data, this.#stated)) {
      run.steps.push({
        ...{ kind: 'event', name: 'session.shutdown', ...optional('model', model) },
        ...{ ...optional('startedAt', time), usage },
        ...(premiumRequests !== undefined && { output: { premiumRequests } as JsonValue }),
      });
      run.calls.push({ usage, costUsd: undefined });
    }
  }

  #isOfAgent({ data }: Event): boolean {
    return this.#agents.has(textIn(data, 'parentToolCallId') ?? '');
  }

  #runOf({ data }: Event): RunDraft | undefined {
    return this.#agents.get(textIn(data, 'parentToolCallId') ?? '') ?? this.main;
  }

  /** Work that no prompt stands before: the file begins in the middle. */
  #beginWithout(event: Event): RunDraft {
    this.main = this.#begin(event, undefined);
    return this.main;
  }

  #begin({ id, file, place }: Event, prompt: string | undefined): RunDraft {
    const isTaken = id === undefined || this.drafts.some(({ key }) => key === id);
    const key = isTaken ? `${this.#session}#${place.replace('line ', '')}` : id;
    const startedAt = this.#time;
    const run = beginRun({ agent: AGENT, key, file, place, startedAt, prompt });
    this.drafts.push(run);
    return run;
  }

  #worked(run: RunDraft, ending: Ending): void {
    this.recorded.delete(run);
    worked(run, this.#time, ending);
  }

  #add(run: RunDraft, step: RunStep): void {
    run.steps.push({ ...step, ...optional('startedAt', this.#time) });
  }
}

const NO_USAGE = {
  ...{ inputTokens: null, cacheReadTokens: null, outputTokens: null, reasoningTokens: null },
  ...{ cacheWrite5mTokens: null, cacheWrite1hTokens: null },
};
