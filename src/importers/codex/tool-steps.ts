import { isPlainObject, type JsonValue } from '../../domain/json.ts';
import type { RunStep } from '../../domain/run.ts';
import { type Fields, objectIn, textIn } from '../reading/fields.ts';

/** The tool calls of a session, by which results find what they are results of. */
export class ToolSteps {
  readonly #byId = new Map<string, RunStep>();
  /** Calls without an id, oldest first: their results have none either. */
  readonly #withoutId: RunStep[] = [];

  /** A step for a call; undefined for one that is known already. */
  call(payload: Fields, name: string, time: string | undefined): RunStep | undefined {
    const id = idOf(payload);
    if (id !== undefined && this.#byId.has(id)) return undefined;
    const input = inputOf(payload);
    const step: RunStep = {
      kind: 'tool_call',
      name,
      ...(time !== undefined && { startedAt: time }),
      ...(input !== undefined && { input }),
    };
    if (id === undefined) this.#withoutId.push(step);
    else this.#byId.set(id, step);
    return step;
  }

  /** Puts a result to its call. False where that is not in the file. */
  result(payload: Fields, time: string | undefined): boolean {
    const id = idOf(payload);
    const step = id === undefined ? this.#withoutId.shift() : this.#byId.get(id);
    if (step === undefined) return false;
    if (step.status !== undefined) return true;
    const { output, isFailed, seconds } = readOutput(
      payload.output ?? payload.result ?? payload.tools,
    );
    step.status = isFailed ? 'FAILED' : 'SUCCESS';
    if (output !== undefined) step[isFailed ? 'error' : 'output'] = output;
    const passed = time && step.startedAt ? Date.parse(time) - Date.parse(step.startedAt) : -1;
    const duration = seconds === undefined ? passed : Math.round(seconds * 1_000);
    if (duration >= 0) step.duration = duration;
    return true;
  }

  /** What an event tells of a call beside its result: whether it failed. */
  outcome(payload: Fields, isFailed: boolean): void {
    const step = this.#byId.get(idOf(payload) ?? '');
    if (step !== undefined && isFailed && step.status !== 'FAILED') {
      step.status = 'FAILED';
      if (step.output === undefined) return;
      step.error = step.output;
      delete step.output;
    }
  }

  has(payload: Fields): boolean {
    return this.#byId.has(idOf(payload) ?? '');
  }
}

function idOf(payload: Fields): string | undefined {
  return textIn(payload, 'call_id');
}

/** Arguments are JSON within a string; what is none stays a string. */
function inputOf({ arguments: given, input, action }: Fields): JsonValue | undefined {
  const value = given ?? input ?? action;
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? (parsed(value) ?? value) : (value as JsonValue);
}

interface Output {
  output: JsonValue | undefined;
  isFailed: boolean;
  seconds: number | undefined;
}

/** A result is a text, or JSON within it with the exit code. */
function readOutput(value: unknown): Output {
  const inside = typeof value === 'string' ? parsed(value) : value;
  if (!isPlainObject(inside)) {
    const output = value === undefined || value === null ? undefined : (value as JsonValue);
    return { output, isFailed: false, seconds: undefined };
  }
  const metadata = objectIn(inside, 'metadata');
  const { exit_code: exitCode, duration_seconds: seconds } = metadata;
  const output = (inside.output ?? inside.content ?? inside) as JsonValue;
  return {
    output,
    isFailed: (typeof exitCode === 'number' && exitCode !== 0) || inside.success === false,
    seconds: typeof seconds === 'number' && seconds >= 0 ? seconds : undefined,
  };
}

function parsed(text: string): JsonValue | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
