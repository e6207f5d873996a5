import type { RunError } from '../../domain/run.ts';
import { type Fields, objectIn, textIn } from '../reading/fields.ts';
import type { Ending } from '../reading/run-draft.ts';

/** How a run stands after an error that opencode wrote down. */
export function endingOfError(error: Fields): Extract<Ending, 'cancelled' | RunError> {
  const name = textIn(error, 'name') ?? 'UnknownError';
  if (name === 'MessageAbortedError') return 'cancelled';
  const data = objectIn(error, 'data');
  return {
    code: name === 'APIError' ? 'API_ERROR' : 'AGENT_ERROR',
    message: textIn(data, 'message') ?? textIn(error, 'message') ?? name,
    recoverable: data.isRetryable !== false,
  };
}

/** How it stands after a step that ended for this reason: the model goes on after tools and what it does not know. */
export function endingOfReason(reason: string): Ending {
  return reason === 'tool-calls' || reason === 'unknown' ? 'working' : 'answer';
}
