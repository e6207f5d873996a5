import { isPlainObject } from '../../domain/json.ts';
import type { RunStep, Usage } from '../../domain/run.ts';
import { importedRunId } from '../../domain/run-id.ts';
import { type Fields, listIn, objectIn, optional, textIn, timeIn } from '../reading/fields.ts';
import { AGENT } from './agent.ts';
import { readUserMessage, textOf } from './message-content.ts';
import type { LoggedMessage, SessionLog } from './session-log.ts';
import { toolStep } from './tool-step.ts';
import { readUsage } from './usage.ts';

/** What the last thing was that a run did. */
export type Ending = 'working' | 'answer' | 'cancelled' | 'error';

/** A run while its messages are read. */
export interface RunDraft {
  readonly id: string;
  readonly key: string;
  /** The message that it begins with. */
  readonly begin: LoggedMessage;
  /** Undefined where nothing before and in that message has a time. */
  readonly startedAt: string | undefined;
  readonly sessionId: string | undefined;
  readonly callerRunId: string | undefined;
  /** Undefined for a run that begins with no prompt: what came before is not there. */
  readonly prompt: string | undefined;
  steps: RunStep[];
  usages: Usage[];
  model: string | undefined;
  answer: string | undefined;
  lastWorkAt: string | undefined;
  ending: Ending;
  error: string | undefined;
}

/** By the id of a subagent: the run that started it, and its session. */
export type Agents = Map<string, Pick<RunDraft, 'id' | 'sessionId'>>;

/** Makes runs of the messages of one session, in order. */
export class SessionRuns {
  readonly drafts: RunDraft[] = [];
  readonly #agents: Agents;
  readonly #caller: Pick<RunDraft, 'id' | 'sessionId'> | undefined;
  readonly #sessionId: string | undefined;
  #time: string | undefined;

  constructor({ sessionId, startTime }: SessionLog, agents: Agents) {
    this.#agents = agents;
    this.#time = startTime;
    this.#caller = sessionId === undefined ? undefined : agents.get(sessionId);
    this.#sessionId = this.#caller?.sessionId ?? sessionId;
  }

  /** Takes a message. Gives a sentence about one that it can make nothing of, otherwise null. */
  take(message: LoggedMessage): string | null {
    const { fields } = message;
    this.#time = timeIn(fields, 'timestamp') ?? this.#time;
    if (fields.type === 'user') return this.#takeUser(message);
    if (fields.type === 'gemini' || fields.type === 'model') this.#takeModel(message);
    else this.#takeNotice(fields);
    return null;
  }

  #takeUser(message: LoggedMessage): string | null {
    const user = readUserMessage(message.fields);
    if (user.kind === 'prompt') {
      const run = this.#begin(message, user.typed);
      if (user.sent !== user.typed)
        this.#add(run, { kind: 'message', name: 'user', input: user.sent });
      return null;
    }
    const run = this.drafts.at(-1);
    if (run && user.kind === 'note')
      this.#add(run, { kind: 'message', name: 'user', input: user.text });
    return user.kind === 'empty' ? 'The message has no content.' : null;
  }

  #takeModel(message: LoggedMessage): void {
    const { fields } = message;
    const run = this.drafts.at(-1) ?? this.#begin(message, undefined);
    const text = textOf(fields.content);
    const thinking = listIn(fields, 'thoughts')
      .filter(isPlainObject)
      .flatMap(thoughtOf)
      .join('\n\n');
    const model = textIn(fields, 'model');
    const tokens = objectIn(fields, 'tokens');
    const usage = Object.keys(tokens).length > 0 ? readUsage(tokens) : undefined;
    const isCall = message.isRecorded || model !== undefined || usage !== undefined;
    const output = { ...(thinking !== '' && { thinking }), ...(text !== '' && { text }) };
    this.#add(run, {
      ...(isCall
        ? { kind: 'model_call', status: 'SUCCESS', ...optional('model', model) }
        : { kind: 'message', name: 'assistant' }),
      ...optional('usage', usage),
      ...(Object.keys(output).length > 0 && { output }),
    });
    if (usage !== undefined) run.usages.push(usage);
    run.model ??= model;
    if (text !== '') run.answer = text;
    const tools = listIn(fields, 'toolCalls').filter(isPlainObject);
    for (const tool of tools) this.#takeTool(run, tool, fields);
    const isCancelled = tools.some(({ status }) => status === 'cancelled');
    const isAnswer = tools.length === 0 && text !== '';
    this.#worked(run, isCancelled ? 'cancelled' : isAnswer ? 'answer' : 'working');
  }

  #takeTool(run: RunDraft, tool: Fields, message: Fields): void {
    run.steps.push(toolStep(tool, timeIn(message, 'timestamp')));
    const time = timeIn(tool, 'timestamp');
    if (time !== undefined && time > (this.#time ?? '')) this.#time = time;
    const agent = textIn(tool, 'agentId');
    if (agent !== undefined) this.#agents.set(agent, run);
  }

  /** What the program shows. An error after an answer is none of the run's. */
  #takeNotice({ type, content }: Fields): void {
    const run = this.drafts.at(-1);
    if (run === undefined) return;
    const text = textOf(content);
    const isError = type === 'error';
    this.#add(run, { kind: 'event', name: String(type), [isError ? 'error' : 'output']: text });
    if (text.startsWith('Request cancelled')) this.#worked(run, 'cancelled');
    else if (isError && run.ending !== 'answer') {
      run.error = text;
      this.#worked(run, 'error');
    }
  }

  #begin(begin: LoggedMessage, prompt: string | undefined): RunDraft {
    const startedAt = this.#time;
    const { key } = begin;
    const run: RunDraft = {
      // Without a time the id must not hang on one that is found later.
      id: importedRunId(startedAt === undefined ? 0 : Date.parse(startedAt), AGENT, key),
      ...{ key, begin, startedAt, prompt, steps: [], usages: [], ending: 'working' },
      ...{ sessionId: this.#sessionId, callerRunId: this.#caller?.id },
      ...{ model: undefined, answer: undefined, lastWorkAt: undefined, error: undefined },
    };
    this.drafts.push(run);
    return run;
  }

  #worked(run: RunDraft, ending: Ending): void {
    run.ending = ending;
    run.lastWorkAt = this.#time;
  }

  #add(run: RunDraft, step: RunStep): void {
    run.steps.push({ ...step, ...optional('startedAt', this.#time) });
  }
}

function thoughtOf(thought: Fields): string[] {
  const parts = [textIn(thought, 'subject'), textIn(thought, 'description')];
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? [] : [known.join('\n')];
}
