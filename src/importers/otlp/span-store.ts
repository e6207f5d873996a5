import type { Span } from './span.ts';

/** Spans by trace, each once. */
export class SpanStore {
  readonly #traces = new Map<string, Map<string, Span>>();

  /** Of a span that was exported twice the one counts that says more, or else the one that ends later. */
  add(span: Span): void {
    const trace = this.#traces.get(span.traceId) ?? new Map<string, Span>();
    this.#traces.set(span.traceId, trace);
    const known = trace.get(span.spanId);
    if (known === undefined || saysMore(span, known)) trace.set(span.spanId, span);
  }

  *traces(): Generator<Span[], void, void> {
    for (const trace of this.#traces.values()) yield [...trace.values()];
  }
}

function saysMore(span: Span, known: Span): boolean {
  const [attributes, others] = [span, known].map((each) => Object.keys(each.attributes).length);
  if (attributes !== others) return (attributes ?? 0) > (others ?? 0);
  return (span.end ?? 0n) > (known.end ?? 0n);
}
