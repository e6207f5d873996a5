import type { JsonValue } from '../../domain/json.ts';
import type { RunStep } from '../../domain/run.ts';
import { type Fields, objectIn, textIn } from '../reading/fields.ts';
import type { RunDraft, SessionNotes } from './run-draft.ts';
import { sessionNotes } from './session-notes.ts';
import { SessionRuns } from './session-runs.ts';
import { TokenTotals } from './token-count.ts';

/** Whether a file that begins with this line is what `codex exec --json` prints. */
export function isExecLine(line: Fields): boolean {
  return line.payload === undefined && /^(?:thread|turn|item)\./.test(textIn(line, 'type') ?? '');
}

/** Takes the lines that `codex exec --json` prints. They have no times, no model and no prompt. */
export class ExecReader {
  #notes: SessionNotes;
  #runs: SessionRuns;
  readonly #totals = new TokenTotals();

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
    const place = { number, time: undefined };
    const type = textIn(line, 'type') ?? '';
    if (type === 'thread.started') {
      this.#notes = { ...this.#notes, id: textIn(line, 'thread_id') ?? this.#notes.id };
      this.#runs = new SessionRuns(this.#notes.id, undefined);
      return null;
    }
    if (type === 'turn.started') {
      this.#runs.begin(undefined, place, undefined);
      return null;
    }
    const run = this.#runs.working(place, undefined);
    if (type === 'item.completed') this.#takeItem(objectIn(line, 'item'), run, number);
    else if (type === 'turn.completed') {
      // What a turn states is the total of the thread so far.
      const usage = this.#totals.take({ total_token_usage: line.usage });
      if (usage !== undefined) this.#runs.count(run, usage, place, undefined);
    } else if (type === 'turn.failed' || type === 'error') {
      const said = textIn(objectIn(line, 'error'), 'message') ?? textIn(line, 'message');
      this.#runs.step(run, place, { kind: 'event', name: 'error', ...(said && { error: said }) });
      run.error = said;
      this.#runs.worked(run, place, 'error');
    } else if (type !== 'item.started' && type !== 'item.updated') {
      return `Lines of the type ${type} are not known; nothing of it is in a run.`;
    }
    return null;
  }

  #takeItem(item: Fields, run: RunDraft, number: number): void {
    const place = { number, time: undefined };
    const type = textIn(item, 'type') ?? 'item';
    const text = textIn(item, 'text') ?? '';
    if (type === 'agent_message' || type === 'reasoning') {
      const call = this.#runs.call(run, place, undefined);
      (type === 'reasoning' ? call.thinking : call.texts).push(text);
      if (type === 'agent_message') run.answer = text;
      this.#runs.worked(run, place, type === 'agent_message' ? 'answer' : 'working');
      return;
    }
    this.#runs.step(run, place, stepOf(type, item));
    this.#runs.worked(run, place, 'working');
  }
}

const NAMES: Readonly<Record<string, string>> = {
  command_execution: 'shell',
  file_change: 'apply_patch',
  mcp_tool_call: 'mcp',
  web_search: 'web_search',
};

function stepOf(type: string, item: Fields): RunStep {
  if (NAMES[type] === undefined) {
    const said = textIn(item, 'message');
    return { kind: 'event', name: type, ...(said && { output: said }) };
  }
  const { exit_code: exitCode } = item;
  const isFailed = item.status === 'failed' || (typeof exitCode === 'number' && exitCode !== 0);
  const input = item.command ?? item.changes ?? item.arguments ?? item.query;
  const output = item.aggregated_output ?? item.result;
  return {
    kind: 'tool_call',
    name: textIn(item, 'tool') ?? NAMES[type],
    status: isFailed ? 'FAILED' : 'SUCCESS',
    ...(input !== undefined && { input: input as JsonValue }),
    ...(output !== undefined && { [isFailed ? 'error' : 'output']: output as JsonValue }),
  };
}
