import type { JsonValue } from '../../domain/json.ts';
import type { RunStep } from '../../domain/run.ts';
import { type Fields, textIn } from '../reading/fields.ts';
import type { RunDraft } from './run-draft.ts';

/** A tool call, and the run that it is a step of. */
export interface ToolCall {
  step: RunStep;
  run: RunDraft;
}

/** The tool calls of a file, by which results find what they are results of. */
export class ToolSteps {
  readonly #byId = new Map<string, ToolCall>();
  /** Calls without an id, oldest first: their results have none either. */
  readonly #withoutId: ToolCall[] = [];

  /** Adds a step for a call, once for each id. */
  call(block: Fields, run: RunDraft, time: string | undefined): void {
    const id = textIn(block, 'id');
    if (id !== undefined && this.#byId.has(id)) return;
    const step: RunStep = {
      kind: 'tool_call',
      name: textIn(block, 'name') ?? 'unknown',
      ...(time !== undefined && { startedAt: time }),
      ...(block.input !== undefined && { input: block.input as JsonValue }),
    };
    run.steps.push(step);
    if (id === undefined) this.#withoutId.push({ step, run });
    else this.#byId.set(id, { step, run });
  }

  /** The call of an id. */
  of(id: string): ToolCall | undefined {
    return this.#byId.get(id);
  }

  /** The call that a result belongs to, completed; undefined where it is not in the file. */
  result(block: Fields, time: string | undefined): ToolCall | undefined {
    const id = textIn(block, 'tool_use_id');
    const call = id === undefined ? this.#withoutId.shift() : this.#byId.get(id);
    if (call === undefined || call.step.status !== undefined) return call;
    const { step } = call;
    const content = block.content as JsonValue | undefined;
    const failed = block.is_error === true || isErrorText(content);
    step.status = failed ? 'FAILED' : 'SUCCESS';
    if (content !== undefined) step[failed ? 'error' : 'output'] = content;
    const duration = time && step.startedAt ? Date.parse(time) - Date.parse(step.startedAt) : -1;
    if (duration >= 0) step.duration = duration;
    return call;
  }
}

/** Where `is_error` is not written, a refused call is known by its text. */
function isErrorText(content: unknown): boolean {
  return typeof content === 'string' && content.startsWith('<tool_use_error>');
}
