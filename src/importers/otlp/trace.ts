import type { Span } from './span.ts';
import { kindOf, type SpanKind } from './span-kind.ts';

/** A span in its trace. */
export interface Node {
  span: Span;
  kind: SpanKind;
  /** Undefined for a span that hangs on none, or on one that is not there. */
  parent: Node | undefined;
  /** The span that it hangs on where that is not there. */
  missing: string | undefined;
  /** The topmost span above it, or itself. */
  root: Node;
  /** The nearest agent above it, or itself. */
  agent: Node | undefined;
  /** How many spans are above it. */
  depth: number;
  /** The model call or tool call that it is within, as another name for the same or as a part. */
  model: Node | undefined;
  tool: Node | undefined;
}

/** The spans of one trace with what they hang on, in the order in which they began. */
export function treeOf(spans: readonly Span[]): Node[] {
  const nodes = new Map(spans.toSorted(byStart).map((span) => [span.spanId, newNode(span)]));
  for (const node of nodes.values()) {
    const { parentId } = node.span;
    node.parent = nodes.get(parentId ?? '');
    if (node.parent === undefined) node.missing = parentId;
  }
  partRings([...nodes.values()]);
  const children = Map.groupBy(nodes.values(), ({ parent }) => parent);
  const order = [...(children.get(undefined) ?? [])];
  // The list grows while it is gone through: whatever a span hangs on comes before it.
  for (const node of order) {
    inherit(node);
    for (const child of children.get(node) ?? []) order.push(child);
  }
  return [...nodes.values()];
}

function newNode(span: Span): Node {
  const above = { parent: undefined, missing: undefined, agent: undefined };
  const within = { depth: 0, model: undefined, tool: undefined };
  const node: Omit<Node, 'root'> = { span, kind: kindOf(span), ...above, ...within };
  return Object.assign(node, { root: node as Node });
}

function inherit(node: Node): void {
  const { parent, kind } = node;
  if (parent !== undefined) {
    const { kind: above } = parent;
    node.root = parent.root;
    node.depth = parent.depth + 1;
    node.agent = parent.agent;
    const isOwn = above === 'agent' || above === 'tool';
    node.model = above === 'model' ? parent : isOwn ? undefined : parent.model;
    node.tool = above === 'tool' ? parent : above === 'agent' ? undefined : parent.tool;
  }
  if (kind === 'agent') node.agent = node;
}

/** Spans that hang on each other in a ring are parted above the one that began first. */
function partRings(nodes: readonly Node[]): void {
  const order = new Map(nodes.map((node, index) => [node, index]));
  const walks = new Map<Node, Node>();
  for (const begin of nodes) {
    let at: Node | undefined = begin;
    while (at !== undefined && !walks.has(at)) {
      walks.set(at, begin);
      at = at.parent;
    }
    if (at === undefined || walks.get(at) !== begin) continue;
    let first = at;
    for (let next = at.parent; next !== undefined && next !== at; next = next.parent) {
      if ((order.get(next) ?? 0) < (order.get(first) ?? 0)) first = next;
    }
    first.parent = undefined;
  }
}

/** Spans by their start, those without one first; then by their ids, so that the order is one. */
function byStart(a: Span, b: Span): number {
  const [start, other] = [a.start ?? -1n, b.start ?? -1n];
  if (start !== other) return start < other ? -1 : 1;
  return a.spanId < b.spanId ? -1 : 1;
}
