import type { RunDraft } from './run-draft.ts';

/** What a session's files tell of who started which subagent, and what was seen in files before. */
export class SessionLinks {
  /** By the agent's id, from a Task's result or its progress. */
  readonly #byAgent = new Map<string, string>();
  /** By the text that a Task was given; several Tasks may have been given the same. */
  readonly #byPrompt = new Map<string, string[]>();
  /** By the uuid of a line: a compaction hangs its agent on the line that it begins after. */
  readonly #byLine = new Map<string, string>();

  agent(agentId: string, caller: RunDraft): void {
    if (!this.#byAgent.has(agentId)) this.#byAgent.set(agentId, caller.id);
  }

  task(prompt: string, caller: RunDraft): void {
    const callers = this.#byPrompt.get(prompt.trim());
    if (callers === undefined) this.#byPrompt.set(prompt.trim(), [caller.id]);
    else callers.push(caller.id);
  }

  line(uuid: string, run: RunDraft): void {
    this.#byLine.set(uuid, run.id);
  }

  /** The run that started this subagent; undefined where nothing tells. */
  callerOf(draft: RunDraft, parentLine: string | undefined): string | undefined {
    const caller =
      (draft.agentId === undefined ? undefined : this.#byAgent.get(draft.agentId)) ??
      this.#byPrompt.get(draft.prompt.join('\n\n').trim())?.shift() ??
      (parentLine === undefined ? undefined : this.#byLine.get(parentLine));
    return caller === draft.id ? undefined : caller;
  }
}

/** What files read before had, so that nothing that was copied counts twice. */
export interface SeenElsewhere {
  /** The uuids of lines. */
  lines: Set<string>;
  /** Model calls whose message and request are both named. */
  calls: Set<string>;
  /** Tells that this file holds what may stand in others. */
  link(name: string): void;
}
