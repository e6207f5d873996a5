import type { Usage } from '../../domain/run.ts';
import { inputOf, outputOf } from './messages.ts';
import { type ModelCall, modelCallsOf } from './model-calls.ts';
import type { Span } from './span.ts';
import { type Node, treeOf } from './trace.ts';
import { readUsage, statesUsage } from './usage.ts';

/** The work of one run in a trace. */
export interface TraceRun {
  /** The span that the run is, or the one that its work hangs on and that is not there. */
  spanId: string;
  traceId: string;
  /** Undefined where that span is not there. */
  head: Span | undefined;
  /** The span of the run that started this one. */
  callerSpanId: string | undefined;
  /** How many spans are above its own. */
  depth: number;
  /** Model calls, tool calls and events, in the order in which they began. */
  work: Node[];
  calls: ModelCall[];
  /** What its own span states where nothing within does: the tokens of all of its calls. */
  ownUsage: Usage | undefined;
}

/** What became of the spans of one trace. */
export interface TraceReading {
  runs: TraceRun[];
  /** Agents of whose work nothing is there. */
  idle: Span[];
}

/**
 * The runs of a trace: each agent that did something, and what was done under no agent, by its topmost
 * span. An agent that starts another did something.
 */
export function runsOf(spans: readonly Span[]): TraceReading {
  const runs = new Map<string, TraceRun>();
  const nodes = treeOf(spans);
  for (const node of nodes) {
    const isWork = node.kind !== 'agent' && node.kind !== 'other';
    if (isWork) runFor(node, runs).work.push(node);
  }
  const agents = nodes.filter(({ kind }) => kind === 'agent');
  const walked = new Set<Node>();
  for (const agent of agents) {
    if (!runs.has(agent.span.spanId) && !saysSomething(agent.span)) continue;
    let at: Node | undefined = agent;
    for (; at !== undefined && !walked.has(at); at = at.parent?.agent) {
      runFor(at, runs);
      walked.add(at);
    }
  }
  attributeUsage([...runs.values()]);
  const idle = agents.filter(({ span }) => !runs.has(span.spanId)).map(({ span }) => span);
  return { runs: [...runs.values()], idle };
}

/** The run that a span belongs to. */
function runFor({ agent, root }: Node, runs: Map<string, TraceRun>): TraceRun {
  const head = agent ?? (root.missing === undefined ? root : undefined);
  const spanId = head?.span.spanId ?? root.missing ?? root.span.spanId;
  const known = runs.get(spanId);
  if (known !== undefined) return known;
  const run: TraceRun = {
    spanId,
    traceId: root.span.traceId,
    head: head?.span,
    callerSpanId: head?.parent?.agent?.span.spanId,
    depth: head?.depth ?? 0,
    ...{ work: [], calls: [], ownUsage: undefined },
  };
  runs.set(spanId, run);
  return run;
}

/** Usage counts once, where it is stated innermost: in a call, in an agent, in the agent that started it. */
function attributeUsage(runs: readonly TraceRun[]): void {
  const counted = new Set<string | undefined>();
  for (const run of runs.toSorted((a, b) => b.depth - a.depth)) {
    run.calls = modelCallsOf(run.work);
    const isStated = run.calls.some(({ usage }) => usage !== undefined) || counted.has(run.spanId);
    if (!isStated && run.head !== undefined) run.ownUsage = readUsage(run.head.attributes);
    if (isStated || run.ownUsage !== undefined) counted.add(run.callerSpanId);
  }
}

/** An agent of which nothing else is there may itself say what it was given, what it gave, and at what cost. */
function saysSomething(span: Span): boolean {
  return statesUsage(span.attributes) || inputOf(span).length > 0 || outputOf(span).length > 0;
}
