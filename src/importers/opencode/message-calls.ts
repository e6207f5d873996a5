import type { RunStep } from '../../domain/run.ts';
import { epochIn, type Fields, objectIn, optional, textIn } from '../reading/fields.ts';
import {
  addCall,
  type CallFigures,
  type Ending,
  type RunDraft,
  worked,
} from '../reading/run-draft.ts';
import { endingOfError, endingOfReason } from './ending.ts';
import { endOf, eventStep, isSynthetic, startOf, toolStep } from './parts.ts';
import { figuresOf } from './usage.ts';

/** What a model said in one call, and the tools that it called. */
interface OpenCall {
  texts: string[];
  thinking: string[];
  after: RunStep[];
  startedAt: string | undefined;
}

const newCall = (): OpenCall => ({ texts: [], thinking: [], after: [], startedAt: undefined });

/**
 * The calls of one message of a model. Each ends with a part that says what it used; a message without any
 * is one call, and says so itself.
 */
export class MessageCalls {
  readonly #run: RunDraft;
  readonly #message: Fields;
  #open = newCall();
  #calls = 0;
  #reason: string | undefined;
  #lastSaid: 'text' | 'tool' | undefined;
  /** A step began that has not ended. */
  #isStepOpen = false;

  constructor(run: RunDraft, message: Fields) {
    this.#run = run;
    this.#message = message;
    this.#open.startedAt = epochIn(objectIn(message, 'time'), 'created');
  }

  take(part: Fields): void {
    const text = part.type === 'text' && !isSynthetic(part) ? textIn(part, 'text') : undefined;
    if (part.type === 'step-finish') this.#finishStep(part);
    else if (part.type === 'step-start') this.#isStepOpen = true;
    else if (part.type === 'tool') this.#say(part, 'tool').after.push(toolStep(part));
    else if (text !== undefined) this.#say(part, 'text').texts.push(text);
    else if (part.type === 'reasoning') this.#open.thinking.push(textIn(part, 'text') ?? '');
    else {
      const step = eventStep(part);
      if (step !== undefined) this.#open.after.push(step);
    }
    const end = endOf(part);
    if (end !== undefined) worked(this.#run, end, this.#run.ending);
  }

  /** All parts are taken. */
  end(): void {
    const run = this.#run;
    const error = objectIn(this.#message, 'error');
    const failure = Object.keys(error).length > 0 ? endingOfError(error) : undefined;
    const { texts, thinking, after } = this.#open;
    const isSaid = texts.length + thinking.length > 0 || this.#hasOpenTool();
    if (this.#calls === 0) this.#close(this.#statusOf(failure), this.#ownFigures(failure));
    else if (isSaid) this.#close(this.#statusOf(failure), NOT_STATED);
    else run.steps.push(...after);
    const time = objectIn(this.#message, 'time');
    // What sums a conversation up answers nobody.
    const isSummary = this.#message.summary === true;
    const ending = isSummary ? run.ending : (failure ?? this.#ending());
    worked(run, epochIn(time, 'completed') ?? epochIn(time, 'created'), ending);
  }

  #say(part: Fields, said: 'text' | 'tool'): OpenCall {
    this.#lastSaid = said;
    this.#open.startedAt ??= startOf(part);
    return this.#open;
  }

  #hasOpenTool(): boolean {
    return this.#open.after.some(({ kind }) => kind === 'tool_call');
  }

  #finishStep(part: Fields): void {
    this.#reason = textIn(part, 'reason');
    this.#isStepOpen = false;
    this.#close({ status: 'SUCCESS' }, figuresOf(part));
  }

  #close(status: Pick<RunStep, 'status' | 'error'>, figures: CallFigures): void {
    const { texts, thinking, after, startedAt } = this.#open;
    const text = texts.join('\n\n');
    const output = {
      ...(thinking.length > 0 && { thinking: thinking.join('\n\n') }),
      ...(text !== '' && { text }),
    };
    addCall(
      this.#run,
      {
        kind: 'model_call',
        ...(this.#message.summary === true && { name: 'compaction' }),
        ...optional('model', modelOf(this.#message)),
        ...status,
        ...optional('startedAt', startedAt),
        ...(Object.keys(output).length > 0 && { output }),
      },
      figures,
    );
    this.#run.steps.push(...after);
    if (text !== '' && this.#message.summary !== true) this.#run.answer = text;
    this.#calls += 1;
    this.#open = newCall();
  }

  /** A request that was refused used nothing; of one that was broken off it is not known. */
  #ownFigures(failure: Ending | undefined): CallFigures {
    const figures = figuresOf(this.#message);
    const isRefused = typeof failure === 'object' && figures.usage === undefined;
    return isRefused ? { usage: undefined, costUsd: 0 } : figures;
  }

  #statusOf(failure: Ending | undefined): Pick<RunStep, 'status' | 'error'> {
    if (failure === 'cancelled') return { status: 'CANCELLED' };
    if (typeof failure === 'object') return { status: 'FAILED', error: failure.message };
    const isOver = objectIn(this.#message, 'time').completed ?? this.#message.finish;
    return isOver === undefined ? {} : { status: 'SUCCESS' };
  }

  /** Old messages give no reason: a text that nothing comes after is then an answer. */
  #ending(): Ending {
    const reason = textIn(this.#message, 'finish');
    if (reason !== undefined) return endingOfReason(reason);
    if (this.#isStepOpen) return 'working';
    if (this.#reason !== undefined) return endingOfReason(this.#reason);
    return this.#lastSaid === 'text' ? 'answer' : 'working';
  }
}

const NOT_STATED: CallFigures = { usage: undefined, costUsd: undefined };

/** Messages of models have it flat, those of users, and some old ones, in an object. */
export function modelOf(message: Fields): string | undefined {
  return textIn(message, 'modelID') ?? textIn(objectIn(message, 'model'), 'modelID');
}
