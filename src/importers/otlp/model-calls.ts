import type { Usage } from '../../domain/run.ts';
import type { Span } from './span.ts';
import type { Node } from './trace.ts';
import { costOf, readUsage } from './usage.ts';

/** A model call of a run. */
export interface ModelCall {
  /** The innermost span, then those that are other names for the same call. */
  spans: Span[];
  usage: Usage | undefined;
  costUsd: number | undefined;
}

/**
 * The model calls of a run, in the order in which they began. Libraries wrap a call in spans of their
 * own; the innermost is the call. Usage counts where it is stated innermost: what a wrapper states counts
 * where no call in it states any, and then as that of its last call that did not fail.
 */
export function modelCallsOf(work: readonly Node[]): ModelCall[] {
  const models = work.filter(({ kind }) => kind === 'model');
  const wrappers = new Set(models.map(({ model }) => model));
  const calls = new Map<Node, ModelCall>();
  for (const node of models) {
    if (wrappers.has(node)) continue;
    calls.set(node, { spans: [node.span], ...statedBy(node.span) });
  }
  const within = new Map<Node, ModelCall[]>();
  for (const [node, call] of calls) {
    for (let at = node.model; at !== undefined; at = at.model) {
      const inner = within.get(at);
      if (inner === undefined) within.set(at, [call]);
      else inner.push(call);
    }
  }
  const innermostFirst = [...within].sort(([a], [b]) => b.depth - a.depth);
  for (const [{ span }, inner] of innermostFirst) attribute(span, inner);
  return [...calls.values()];
}

function attribute(wrapper: Span, inner: readonly ModelCall[]): void {
  const [only, ...others] = inner;
  if (only !== undefined && others.length === 0) only.spans.push(wrapper);
  const last = inner.findLast(({ spans }) => spans[0]?.status !== 'error') ?? inner.at(-1);
  if (last === undefined) return;
  const { usage, costUsd } = statedBy(wrapper);
  if (inner.every((call) => call.usage === undefined)) last.usage = usage;
  if (inner.every((call) => call.costUsd === undefined)) last.costUsd = costUsd;
}

function statedBy({ attributes }: Span): Pick<ModelCall, 'usage' | 'costUsd'> {
  return { usage: readUsage(attributes), costUsd: costOf(attributes) };
}
