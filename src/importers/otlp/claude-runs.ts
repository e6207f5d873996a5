import type { AgentRun } from '../../domain/run.ts';
import { importedRunId } from '../../domain/run-id.ts';
import { optional } from '../reading/fields.ts';
import { unfinished } from '../reading/unfinished.ts';
import { sumOfUsage } from '../reading/usage.ts';
import { repositoryOf } from './about.ts';
import { AGENT } from './agent.ts';
import { type ClaudeEvent, costOf, stepOf } from './claude-event.ts';
import { isoOf, textOf } from './span.ts';

/** What happened for one prompt. */
export interface ClaudeRun {
  key: string;
  /** At least one, in the order in which they happened. */
  events: ClaudeEvent[];
  isLastOfSession: boolean;
}

/** The events of Claude Code, each once. */
export class ClaudeEvents {
  readonly #sessions = new Map<string, Map<string, ClaudeEvent>>();

  add(event: ClaudeEvent): void {
    const { name, time, attributes } = event;
    const session = this.#sessions.get(sessionOf(event)) ?? new Map<string, ClaudeEvent>();
    this.#sessions.set(sessionOf(event), session);
    const identity = JSON.stringify([name, String(time), attributes]);
    if (!session.has(identity)) session.set(identity, event);
  }

  /** What belongs to a prompt says so by its `prompt.id`; in older versions it follows the prompt. */
  *runs(): Generator<ClaudeRun, void, void> {
    for (const [session, events] of this.#sessions) {
      const runs = new Map<string, ClaudeRun>();
      let key = `${session}:start`;
      for (const event of [...events.values()].sort(byTime)) {
        const { name, time, attributes } = event;
        if (name === 'user_prompt') key = `${session}:${time}`;
        key = textOf(attributes, 'prompt.id') ?? key;
        const run = runs.get(key) ?? { key, events: [], isLastOfSession: false };
        runs.set(key, run);
        run.events.push(event);
      }
      const last = [...runs.values()].at(-1);
      if (last !== undefined) last.isLastOfSession = true;
      yield* runs.values();
    }
  }
}

/** The session of an event; empty where it says none. */
export function sessionOf({ attributes, resource }: ClaudeEvent): string {
  return textOf(attributes, 'session.id') ?? textOf(resource, 'session.id') ?? '';
}

/** A run from its events, of which this is the first. Its status is concluded from the last of them. */
export function finishClaudeRun(
  { key, events }: ClaudeRun,
  first: ClaudeEvent,
  mayGrow: boolean,
): AgentRun {
  const time = events.map((event) => isoOf(event.time)).find((each) => each !== undefined);
  const startedAt = time ?? new Date(first.file.modifiedAt).toISOString();
  const end = events.map((event) => isoOf(event.time) ?? startedAt).at(-1) ?? startedAt;
  const outcome = outcomeOf(events, mayGrow);
  const steps = events.flatMap((event) => stepOf(event) ?? []);
  const requests = events.filter(({ name }) => name === 'api_request');
  const costs = requests.flatMap(({ attributes }) => costOf(attributes) ?? []);
  const isCostKnown = costs.length > 0 && costs.length === requests.length;
  const typed = events.find(({ name }) => name === 'user_prompt');
  const prompt = typed === undefined ? undefined : textOf(typed.attributes, 'prompt');
  const about = { ...first.resource, ...first.attributes };
  return {
    id: importedRunId(time === undefined ? 0 : Date.parse(time), AGENT, key),
    repository: repositoryOf(about, first.file.path),
    ...outcome,
    startedAt,
    ...(outcome.status !== 'RUNNING' && {
      completedAt: end,
      duration: Date.parse(end) - Date.parse(startedAt),
    }),
    input: {
      ...{ prompt: prompt ?? '', diff: '', recentCommits: [], temperature: null },
      model: requests.flatMap(({ attributes }) => textOf(attributes, 'model') ?? [])[0] ?? null,
    },
    retryCount: 0,
    agent: AGENT,
    ...optional('sessionId', sessionOf(first) || undefined),
    metadata: {
      agentName: 'Claude Code',
      ...optional('agentVersion', textOf(about, 'app.version', 'service.version')),
      ...(prompt === undefined && { hasPrompt: false }),
      ...(time === undefined && { startedAtFrom: 'file' }),
    },
    ...optional('usage', sumOfUsage(steps.flatMap(({ usage }) => usage ?? []))),
    ...(isCostKnown && { costMicroUsd: Math.round(costs.reduce((sum, cost) => sum + cost) * 1e6) }),
    steps,
    source: { key, location: first.file.path },
    statusSource: 'inferred',
  };
}

function outcomeOf(
  events: readonly ClaudeEvent[],
  mayGrow: boolean,
): Pick<AgentRun, 'status' | 'error'> {
  const last = events.findLast(({ name }) => WORK.has(name));
  if (last?.name === 'api_request') return { status: 'SUCCESS' };
  if (last?.name !== 'api_error') return unfinished(mayGrow);
  const message = textOf(last.attributes, 'error') ?? 'The model could not be reached.';
  return { status: 'FAILED', error: { code: 'API_ERROR', message, recoverable: true } };
}

const WORK: ReadonlySet<string> = new Set([
  'user_prompt',
  'api_request',
  'api_error',
  'tool_result',
]);

/** Events by their time, then in the order in which the program counted them. */
function byTime(a: ClaudeEvent, b: ClaudeEvent): number {
  const [time, other] = [a.time ?? 0n, b.time ?? 0n];
  if (time !== other) return time < other ? -1 : 1;
  return Number(a.attributes['event.sequence'] ?? 0) - Number(b.attributes['event.sequence'] ?? 0);
}
