import type { AgentRun } from '../../domain/run.ts';
import { unfinished } from '../reading/unfinished.ts';
import { saidIn } from './said.ts';
import type { Span } from './span.ts';
import { errorOf } from './steps.ts';
import type { TraceRun } from './trace-runs.ts';

/** How a run ended, and whether that was written down. */
export type Outcome = Pick<AgentRun, 'status' | 'error' | 'statusSource'>;

/**
 * What the run's own span says counts. Where it says nothing, a run that ended failed if its last model
 * call did and it gave no answer of its own; errors in any other span are none of the run's.
 */
export function outcomeOf({ head, work, calls }: TraceRun, mayGrow: boolean): Outcome {
  if (head?.status === 'error') return { ...failed('AGENT_ERROR', head), statusSource: 'recorded' };
  if (head?.status === 'ok') return { status: 'SUCCESS', statusSource: 'recorded' };
  const last = calls.at(-1)?.spans[0];
  const hasAnswered = head !== undefined && saidIn([head]).text !== undefined;
  const inferred = { statusSource: 'inferred' } as const;
  if (last !== undefined && errorOf(last) !== undefined && !hasAnswered) {
    return { ...failed('MODEL_ERROR', last), ...inferred };
  }
  const isOver = head === undefined ? work.at(-1)?.kind === 'model' : head.end !== undefined;
  return isOver ? { status: 'SUCCESS', ...inferred } : { ...unfinished(mayGrow), ...inferred };
}

function failed(code: string, span: Span): Pick<AgentRun, 'status' | 'error'> {
  const { type, message } = errorOf(span) ?? {};
  const text = [type, message].filter((part) => part !== undefined).join(': ');
  return {
    status: 'FAILED',
    error: { code, message: text || 'No reason is stated.', recoverable: true },
  };
}
