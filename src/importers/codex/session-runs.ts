import type { RunStep, Usage } from '../../domain/run.ts';
import { importedRunId } from '../../domain/run-id.ts';
import type { CallDraft } from '../reading/call-draft.ts';
import { AGENT } from './agent.ts';
import type { Ending, RunDraft } from './run-draft.ts';

/** Where a line stands. */
export interface LinePlace {
  /** From 1. */
  number: number;
  /** Undefined where the line has no valid time. */
  time: string | undefined;
}

/** The runs of one session, as its lines come. */
export class SessionRuns {
  readonly runs: RunDraft[] = [];
  readonly #session: string;
  #lastTime: string | undefined;
  /** What the model writes now; null after an input, with which another call begins. */
  #open: CallDraft | null = null;

  /** `startedAt`: when the session began. */
  constructor(session: string, startedAt: string | undefined) {
    this.#session = session;
    this.#lastTime = startedAt;
  }

  get current(): RunDraft | undefined {
    return this.runs.at(-1);
  }

  /** A line was read. */
  passed({ time }: LinePlace): void {
    if (time !== undefined) this.#lastTime = time;
  }

  /** A prompt begins a run. `turn`: the id that Codex gives it; where it gives none, its place counts. */
  begin(
    prompt: string | undefined,
    { number, time }: LinePlace,
    turn: string | undefined,
  ): RunDraft {
    const known = time ?? this.#lastTime;
    const isTaken = turn !== undefined && this.runs.some(({ key }) => key === turn);
    const key = turn === undefined || isTaken ? `${this.#session}:${this.runs.length}` : turn;
    const run: RunDraft = {
      id: importedRunId(known === undefined ? 0 : Date.parse(known), AGENT, key),
      ...{ key, line: number, prompt, startedAt: known, lastWorkAt: undefined },
      ...{ steps: [], calls: [], answer: undefined, ending: 'prompt', error: undefined },
      ...{ model: undefined, cwd: undefined },
    };
    this.runs.push(run);
    this.#open = null;
    return run;
  }

  /** The run under way; one without a prompt where the file begins in the middle. */
  working(place: LinePlace, turn: string | undefined): RunDraft {
    return this.current ?? this.begin(undefined, place, turn);
  }

  /** The run did something. What is written after an interruption does not take it back. */
  worked(run: RunDraft, { time }: LinePlace, ending: Ending): void {
    if (run.ending !== 'aborted') run.ending = ending;
    if (time !== undefined && time > (run.lastWorkAt ?? '')) run.lastWorkAt = time;
  }

  /** The call that the model's output belongs to. */
  call(run: RunDraft, { time }: LinePlace, model: string | undefined): CallDraft {
    this.#open ??= this.#newCall(run, time, model);
    return this.#open;
  }

  /** The model was given something: what it writes next is another call. */
  input(): void {
    this.#open = null;
  }

  /** Tokens belong to the last call that knows none yet; where there is none, they are a call of their own. */
  count(run: RunDraft, usage: Usage, { time }: LinePlace, model: string | undefined): void {
    const last = run.calls.at(-1);
    const call =
      last !== undefined && last.usage === undefined ? last : this.#newCall(run, time, model);
    call.usage = usage;
    if (call !== last) this.#open = call;
  }

  step(run: RunDraft, { time }: LinePlace, step: RunStep): void {
    run.steps.push(time === undefined || step.startedAt ? step : { ...step, startedAt: time });
  }

  #newCall(run: RunDraft, time: string | undefined, model: string | undefined): CallDraft {
    const step: RunStep = {
      kind: 'model_call',
      ...(model !== undefined && { model }),
      status: 'SUCCESS',
      ...(time !== undefined && { startedAt: time }),
    };
    const call: CallDraft = { step, texts: [], thinking: [], usage: undefined };
    run.calls.push(call);
    run.steps.push(step);
    run.model ??= model;
    return call;
  }
}
