import type { JsonValue } from '../../domain/json.ts';
import type { RunStep } from '../../domain/run.ts';
import { decoded } from '../reading/decoded.ts';
import { durationBetween, type Fields, objectIn, optional, textIn } from '../reading/fields.ts';
import type { RunDraft } from '../reading/run-draft.ts';
import type { Event } from './event.ts';

/** The tool calls of a session by their ids. A call is asked for in a message, started and completed. */
export class ToolCalls {
  readonly #open = new Map<string, RunStep>();
  /** What subagents were told, by the id of the call that started them. */
  readonly #prompts = new Map<string, string>();

  /** Takes a call that is asked for or started; once where both are told. */
  take(run: RunDraft, call: Fields, time: string | undefined): void {
    const id = textIn(call, 'toolCallId') ?? '';
    const known = this.#open.get(id);
    if (known !== undefined) return;
    const input = decoded(call.arguments);
    const step: RunStep = {
      ...{ kind: 'tool_call', name: textIn(call, 'name') ?? textIn(call, 'toolName') ?? 'unknown' },
      ...optional('startedAt', time),
      ...(input !== undefined && input !== null && { input: input as JsonValue }),
    };
    run.steps.push(step);
    this.#open.set(id, step);
    const prompt = textIn(objectIn({ input }, 'input'), 'prompt');
    if (prompt !== undefined) this.#prompts.set(id, prompt);
  }

  /** Completes a call. One that is not in the file is an event of the run. */
  complete(run: RunDraft, { data, time }: Event): void {
    const id = textIn(data, 'toolCallId') ?? '';
    const failed = data.success === false;
    const told = failed ? (data.error ?? data.result) : data.result;
    const output = textIn(objectIn({ told }, 'told'), 'content') ?? told;
    const result =
      output === undefined || output === null
        ? {}
        : { [failed ? 'error' : 'output']: output as JsonValue };
    const step = this.#open.get(id);
    this.#open.delete(id);
    if (step === undefined) {
      run.steps.push({
        kind: 'event',
        name: 'tool-result',
        ...result,
        ...optional('startedAt', time),
      });
      return;
    }
    Object.assign(step, result, durationBetween(step.startedAt, time));
    step.status = failed ? 'FAILED' : 'SUCCESS';
  }

  /** What a call told the subagent that it started. */
  promptOf(id: string): string | undefined {
    return this.#prompts.get(id);
  }
}
