import { type Fields, objectIn, textIn } from '../reading/fields.ts';
import type { CallDraft, RunDraft } from './run-draft.ts';
import type { SeenElsewhere } from './session-links.ts';
import type { ToolSteps } from './tool-steps.ts';
import { blocksOf } from './transcript-line.ts';
import { readUsage } from './usage.ts';

/** The model calls of a file. A call is written as a line for each block of its message. */
export class ModelCalls {
  readonly #calls = new Map<string, { call: CallDraft; run: RunDraft }>();
  readonly #seen: SeenElsewhere;
  readonly #tools: ToolSteps;

  constructor(seen: SeenElsewhere, tools: ToolSteps) {
    this.#seen = seen;
    this.#tools = tools;
  }

  /** The calls that other files are not to count again: those whose message and request are both named. */
  get keys(): string[] {
    return [...this.#calls.keys()].filter(isNamed);
  }

  /** Takes an assistant line: into its call where that is known, otherwise as a new call of this run. */
  take(line: Fields, number: number, run: RunDraft, time: string | undefined): void {
    const message = objectIn(line, 'message');
    const key = keyOf(line, message) ?? `${ONE_LINE}${number}`;
    if (!this.#calls.has(key) && isNamed(key)) this.#seen.link(key);
    if (this.#seen.calls.has(key)) {
      run.copiedCalls += 1;
      return;
    }
    const known = this.#calls.get(key) ?? { call: newCall(message, time), run };
    if (!this.#calls.has(key)) {
      this.#calls.set(key, known);
      run.calls.push(known.call);
      run.steps.push(known.call.step);
    }
    const { call } = known;
    // The last line has the numbers of the whole answer; the ones before it were written on the way.
    if (Object.keys(objectIn(message, 'usage')).length > 0) {
      call.usage = readUsage(objectIn(message, 'usage'));
    }
    if (typeof line.costUSD === 'number' && line.costUSD >= 0) call.costUsd = line.costUSD;
    for (const block of blocksOf(line)) this.#takeBlock(block, known, time);
  }

  #takeBlock(
    block: Fields,
    { call, run }: { call: CallDraft; run: RunDraft },
    time: string | undefined,
  ): void {
    const type = textIn(block, 'type') ?? '';
    // Tools that the server runs are called and answered within one message.
    if (type.endsWith('tool_use')) this.#tools.call(block, run, time);
    if (type.endsWith('tool_result')) this.#tools.result(block, time);
    const text = textIn(block, 'text') ?? textIn(block, 'thinking');
    if (text === undefined || text.trim() === '') return;
    const mark = `${type} ${text}`;
    if (call.blocks.has(mark)) return;
    call.blocks.add(mark);
    if (type === 'thinking') call.thinking.push(text);
    else call.texts.push(text);
  }
}

const ONE_LINE = 'line ';
const NO_REQUEST = ',null]';

/** Whether a key stands for one call in all files. */
function isNamed(key: string): boolean {
  return !key.startsWith(ONE_LINE) && !key.endsWith(NO_REQUEST);
}

/** One request is answered by one message; undefined where the message has no id. */
function keyOf(line: Fields, message: Fields): string | undefined {
  const id = textIn(message, 'id');
  return id === undefined ? undefined : JSON.stringify([id, textIn(line, 'requestId') ?? null]);
}

function newCall(message: Fields, time: string | undefined): CallDraft {
  const model = textIn(message, 'model');
  return {
    step: {
      kind: 'model_call',
      ...(model !== undefined && { model }),
      status: 'SUCCESS',
      ...(time !== undefined && { startedAt: time }),
    },
    texts: [],
    thinking: [],
    blocks: new Set(),
    usage: undefined,
    costUsd: undefined,
  };
}
