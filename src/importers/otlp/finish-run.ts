import type { AgentRun, RunStep } from '../../domain/run.ts';
import { importedRunId } from '../../domain/run-id.ts';
import { optional } from '../reading/fields.ts';
import { sumOfUsage } from '../reading/usage.ts';
import { repositoryOf } from './about.ts';
import { AGENT } from './agent.ts';
import { outcomeOf } from './outcome.ts';
import { answerOf, promptOf } from './said.ts';
import { type Attributes, isoOf, modelName, type Span, textOf } from './span.ts';
import { eventStep, modelStep, toolStep } from './steps.ts';
import type { TraceRun } from './trace-runs.ts';
import { costOf } from './usage.ts';

/** What a run needs to know of what is around it. */
export interface RunSurroundings {
  /** Something of it stands in a file that changed just now. */
  mayGrow: boolean;
  /** The id of the run that started it. */
  callerRunId: string | undefined;
}

/** When a run began: its span, or the first of its work. */
export function startOf({ head, work }: TraceRun): string | undefined {
  return isoOf(head?.start ?? work.find(({ span }) => span.start !== undefined)?.span.start);
}

/** The id of a run. Without a time it must not hang on when the file changed. */
export function idOf(run: TraceRun): string {
  const startedAt = startOf(run);
  return importedRunId(startedAt === undefined ? 0 : Date.parse(startedAt), AGENT, keyOf(run));
}

function keyOf({ traceId, spanId }: TraceRun): string {
  return `${traceId}:${spanId}`;
}

/** A run from the spans of its work. */
export function finishRun(run: TraceRun, { mayGrow, callerRunId }: RunSurroundings): AgentRun {
  const { head, calls } = run;
  const first = spansOf(run)[0];
  const startedAt = startOf(run);
  const begin = startedAt ?? new Date(first?.file.modifiedAt ?? 0).toISOString();
  const outcome = outcomeOf(run, mayGrow);
  const end = endOf(run) ?? begin;
  const completedAt = end > begin ? end : begin;
  const prompt = promptOf(run);
  const message = answerOf(run);
  const usage = sumOfUsage(calls.flatMap((call) => call.usage ?? [])) ?? run.ownUsage;
  return {
    id: idOf(run),
    repository: repositoryOf(aboutOf(first), first?.file.path ?? ''),
    ...outcome,
    startedAt: begin,
    ...(outcome.status !== 'RUNNING' && {
      completedAt,
      duration: Date.parse(completedAt) - Date.parse(begin),
    }),
    input: {
      ...{ prompt: prompt ?? '', diff: '', recentCommits: [] },
      model: modelOf(run) ?? null,
      temperature: temperatureOf(run),
    },
    ...(message !== undefined && {
      output: { message, confidence: null, rawResponse: '', tokensUsed: null },
    }),
    retryCount: 0,
    agent: AGENT,
    ...optional('sessionId', sessionOf(run)),
    ...optional('callerRunId', callerRunId),
    ...optional('branch', textOf(aboutOf(first), 'vcs.ref.head.name')),
    ...optional('workingDirectory', textOf(aboutOf(first), 'process.working_directory')),
    metadata: {
      ...optional(
        'agentName',
        textOf(head?.attributes ?? {}, 'gen_ai.agent.name', 'gen_ai.workflow.name'),
      ),
      ...optional('agentId', textOf(head?.attributes ?? {}, 'gen_ai.agent.id')),
      ...optional(
        'agentVersion',
        textOf(aboutOf(first), 'gen_ai.agent.version', 'service.version'),
      ),
      ...(prompt === undefined && { hasPrompt: false }),
      ...(startedAt === undefined && { startedAtFrom: 'file' }),
    },
    ...optional('usage', usage),
    ...optional('costMicroUsd', costMicroUsdOf(run)),
    steps: stepsOf(run),
    source: { key: keyOf(run), ...optional('location', first?.file.path) },
  };
}

function stepsOf({ work, calls }: TraceRun): RunStep[] {
  const bySpan = new Map(calls.map((call) => [call.spans[0], call]));
  return work.flatMap((node) => {
    if (node.kind === 'tool') return toolStep(node) ?? [];
    if (node.kind === 'event') return eventStep(node);
    const call = bySpan.get(node.span);
    return call === undefined ? [] : modelStep(call);
  });
}

/** The run's own span, then those of its work. */
function spansOf({ head, work }: TraceRun): Span[] {
  return [...(head === undefined ? [] : [head]), ...work.map(({ span }) => span)];
}

function endOf(run: TraceRun): string | undefined {
  if (run.head !== undefined) return isoOf(run.head.end);
  return run.work.reduce<string | undefined>((last, { span }) => {
    const end = isoOf(span.end);
    return end !== undefined && end > (last ?? '') ? end : last;
  }, undefined);
}

function aboutOf(span: Span | undefined): Attributes {
  return { ...span?.resource, ...span?.attributes };
}

const SESSION = [
  ...['gen_ai.conversation.id', 'session.id', 'gcp.vertex.agent.session_id'],
  'traceloop.association.properties.session_id',
];

function sessionOf(run: TraceRun): string | undefined {
  for (const { attributes } of spansOf(run)) {
    const session = textOf(attributes, ...SESSION);
    if (session !== undefined) return session;
  }
  return undefined;
}

function modelOf({ head, calls }: TraceRun): string | undefined {
  const spans = [...calls.flatMap((call) => call.spans), ...(head === undefined ? [] : [head])];
  return spans.flatMap(({ attributes }) => modelName(attributes) ?? [])[0];
}

function temperatureOf(run: TraceRun): number | null {
  const values = spansOf(run).map(({ attributes }) => attributes['gen_ai.request.temperature']);
  return values.find((value) => typeof value === 'number') ?? null;
}

/** Known where each call states it, or else the run's own span. */
function costMicroUsdOf({ head, calls }: TraceRun): number | undefined {
  const costs = calls.flatMap(({ costUsd }) => costUsd ?? []);
  const isWhole = calls.length > 0 && costs.length === calls.length;
  const whole = isWhole ? costs.reduce((sum, cost) => sum + cost, 0) : undefined;
  const own = costs.length === 0 && head !== undefined ? costOf(head.attributes) : undefined;
  const cost = whole ?? own;
  return cost === undefined ? undefined : Math.round(cost * 1e6);
}
