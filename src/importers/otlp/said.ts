import { optional } from '../reading/fields.ts';
import { inputOf, outputOf } from './messages.ts';
import type { Span } from './span.ts';
import type { TraceRun } from './trace-runs.ts';

const PERSON: ReadonlySet<string> = new Set(['user', 'human']);

/** What a run was given: the last words of a person, said to its own span or to its first call. */
export function promptOf({ head, calls }: Pick<TraceRun, 'head' | 'calls'>): string | undefined {
  const spans = [...(head === undefined ? [] : [head]), ...calls.flatMap((call) => call.spans)];
  for (const span of spans) {
    const said = inputOf(span).findLast(({ role, text }) => PERSON.has(role) && text !== '');
    if (said !== undefined) return said.text;
  }
  return undefined;
}

/** What came of a run: what its own span says, or else the last call that said something. */
export function answerOf({ head, calls }: Pick<TraceRun, 'head' | 'calls'>): string | undefined {
  const own = head === undefined ? undefined : saidIn([head]).text;
  return own ?? calls.flatMap(({ spans }) => saidIn(spans).text ?? []).at(-1);
}

/** What was said and thought in a call, by the first of its spans that says so. */
export function saidIn(spans: readonly Span[]): { text?: string; thinking?: string } {
  for (const span of spans) {
    const messages = outputOf(span);
    const joined = (part: 'text' | 'thinking') =>
      messages.flatMap((message) => message[part] || []).join('\n\n') || undefined;
    if (messages.length > 0) {
      return { ...optional('text', joined('text')), ...optional('thinking', joined('thinking')) };
    }
  }
  return {};
}
