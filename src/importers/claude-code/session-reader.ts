import type { JsonValue } from '../../domain/json.ts';
import { type Fields, objectIn, textIn } from '../reading/fields.ts';
import { ModelCalls } from './model-calls.ts';
import { PromptQueue } from './prompt-queue.ts';
import type { RunDraft } from './run-draft.ts';
import { RunThreads, type ThreadLine } from './run-threads.ts';
import type { SeenElsewhere, SessionLinks } from './session-links.ts';
import { ToolSteps } from './tool-steps.ts';
import { blocksOf, typeOf } from './transcript-line.ts';
import { readUserLine } from './user-line.ts';

/** Lines of which runs have no use: settings, titles, copies of files, what is shown while tools work. */
const WITHOUT_STEPS: ReadonlySet<string> = new Set([
  ...['summary', 'file-history-snapshot', 'file-history-delta', 'mode', 'permission-mode'],
  ...['custom-title', 'ai-title', 'agent-name', 'agent-color', 'last-prompt', 'pr-link', 'tag'],
  ...['frame-link', 'relocated', 'bridge-session', 'atis-latch', 'worktree-state', 'started'],
  'result',
]);

/** Takes the lines of one session file, in order, and makes runs of them. */
export class SessionReader {
  readonly #threads: RunThreads;
  readonly #tools = new ToolSteps();
  readonly #calls: ModelCalls;
  readonly #queue = new PromptQueue();
  readonly #links: SessionLinks;
  readonly #seen: SeenElsewhere;

  /** `fileSession`: what the session is called where lines do not say. */
  constructor(fileSession: string, links: SessionLinks, seen: SeenElsewhere) {
    this.#threads = new RunThreads(fileSession, links, seen);
    this.#calls = new ModelCalls(seen, this.#tools);
    this.#links = links;
    this.#seen = seen;
  }

  /** The runs so far, in the order in which they begin. */
  get runs(): readonly RunDraft[] {
    return this.#threads.runs;
  }

  /** What the repository of a run is called; undefined where no line names a folder. */
  repositoryOf(run: RunDraft): string | undefined {
    return this.#threads.place.repositoryOf(run.cwd);
  }

  /** Whether this run is the last of its thread: what may come belongs to it. */
  isLast(run: RunDraft): boolean {
    return this.#threads.isLast(run);
  }

  /** The file is read: what it has, files after it are not to count again. */
  end(): void {
    for (const key of this.#calls.keys) this.#seen.calls.add(key);
    this.#threads.end();
  }

  /** Takes a line. Gives a sentence about one that it can make nothing of, otherwise null. */
  take(fields: Fields, number: number): string | null {
    const line = this.#threads.enter(fields, number);
    if (line === null) return null;
    const type = typeOf(fields);
    if (type === 'user') return this.#takeUser(line);
    if (type === 'assistant') return this.#takeAssistant(line);
    if (type === 'system') this.#takeSystem(line);
    else if (type === 'attachment') this.#takeAttachment(line);
    else if (type === 'progress') this.#takeProgress(line);
    else if (type === 'queue-operation') this.#takeQueue(line);
    else if (type === undefined) return 'The line has no type and no message.';
    else if (!WITHOUT_STEPS.has(type)) {
      return `Lines of the type ${type} are not known; nothing of it is in a run.`;
    }
    return null;
  }

  #takeUser(line: ThreadLine): string | null {
    const results = blocksOf(line.fields).filter(({ type }) => type === 'tool_result');
    if (results.length > 0) {
      this.#takeResults(line, results);
      return null;
    }
    const user = readUserLine(line.fields);
    if (user.kind === 'empty') return 'The line is a message without content.';
    if (user.kind === 'prompt') {
      this.#threads.prompt(line, user.parts);
      return null;
    }
    const run = this.#threads.runOf(line);
    if (run === undefined) return null;
    const { name, text } = user;
    const isEvent = name === 'interrupted' || name.startsWith('command');
    if (isEvent) addStep(run, line, { kind: 'event', name, output: text });
    else addStep(run, line, { kind: 'message', name: 'user', input: text });
    if (name === 'interrupted') this.#threads.worked(run, line, 'interrupted');
    return null;
  }

  #takeResults(line: ThreadLine, results: readonly Fields[]): void {
    for (const block of results) {
      const call = this.#tools.result(block, line.time);
      const run = call?.run ?? this.#threads.runOf(line) ?? this.#threads.unprompted(line);
      if (call === undefined) {
        const output = block.content as JsonValue | undefined;
        addStep(run, line, {
          kind: 'event',
          name: 'tool-result',
          ...(output !== undefined && { output }),
        });
      } else {
        const agentId = textIn(objectIn(line.fields, 'toolUseResult'), 'agentId');
        if (agentId !== undefined) this.#links.agent(agentId, run);
      }
      this.#threads.worked(run, line, 'working');
    }
    const run = this.#threads.runOf(line);
    for (const block of blocksOf(line.fields)) {
      const text = block.type === 'text' ? textIn(block, 'text') : undefined;
      if (run && text !== undefined)
        addStep(run, line, { kind: 'message', name: 'user', input: text });
    }
  }

  #takeAssistant(line: ThreadLine): string | null {
    const message = objectIn(line.fields, 'message');
    const blocks = blocksOf(line.fields);
    if (blocks.length === 0 && message.usage === undefined) {
      return 'The line is a message without content.';
    }
    if (message.model === '<synthetic>' || line.fields.isApiErrorMessage === true) {
      this.#takeSynthetic(line, blocks);
      return null;
    }
    const run = this.#threads.runOf(line) ?? this.#threads.unprompted(line);
    this.#calls.take(line.fields, line.number, run, line.time);
    for (const block of blocks) {
      const prompt = block.type === 'tool_use' && textIn(objectIn(block, 'input'), 'prompt');
      if (prompt) this.#links.task(prompt, run);
    }
    const last = blocks.findLast((block) => block.type !== 'text' || textIn(block, 'text')?.trim());
    const isAnswer = last?.type === 'text' && message.stop_reason !== 'tool_use';
    if (last !== undefined) this.#threads.worked(run, line, isAnswer ? 'answer' : 'working');
    return null;
  }

  /** Claude Code wrote this itself; no model was called. */
  #takeSynthetic(line: ThreadLine, blocks: readonly Fields[]): void {
    const run = this.#threads.runOf(line);
    if (run === undefined) return;
    const text = blocks.flatMap((block) => textIn(block, 'text') ?? []).join('\n\n');
    if (line.fields.isApiErrorMessage !== true) {
      addStep(run, line, { kind: 'message', name: 'assistant', output: text });
      return;
    }
    addStep(run, line, { kind: 'event', name: 'api-failure', error: text });
    run.error = text;
    this.#threads.worked(run, line, 'api-failure');
  }

  #takeSystem(line: ThreadLine): void {
    const run = this.#threads.runOf(line);
    if (run === undefined) return;
    const { content, error } = line.fields;
    addStep(run, line, {
      kind: 'event',
      name: textIn(line.fields, 'subtype') ?? 'system',
      ...(typeof content === 'string' && { output: content }),
      ...(error !== undefined && error !== null && { error: error as JsonValue }),
    });
  }

  #takeAttachment(line: ThreadLine): void {
    const run = this.#threads.runOf(line);
    if (run === undefined) return;
    const attachment = objectIn(line.fields, 'attachment');
    const { prompt } = attachment;
    if (attachment.type === 'queued_command' && prompt !== undefined) {
      if (!this.#queue.isTaken(prompt)) {
        addStep(run, line, { kind: 'message', name: 'user', input: prompt as JsonValue });
      }
      return;
    }
    addStep(run, line, { kind: 'event', name: textIn(attachment, 'type') ?? 'attachment' });
  }

  /** Usage in it repeats what the subagent's own file has; only who started whom is taken. */
  #takeProgress({ fields }: ThreadLine): void {
    const agentId = textIn(objectIn(fields, 'data'), 'agentId');
    const tool = this.#tools.of(textIn(fields, 'parentToolUseID') ?? '');
    if (agentId !== undefined && tool !== undefined) this.#links.agent(agentId, tool.run);
  }

  #takeQueue(line: ThreadLine): void {
    const input = this.#queue.take(line.fields);
    const run = input === undefined ? undefined : this.#threads.runOf(line);
    if (run && input !== undefined) addStep(run, line, { kind: 'message', name: 'user', input });
  }
}

function addStep(run: RunDraft, { time }: ThreadLine, step: RunDraft['steps'][number]): void {
  run.steps.push(time === undefined ? step : { ...step, startedAt: time });
}
