import { isPlainObject, type JsonValue } from '../../domain/json.ts';
import type { RunStep } from '../../domain/run.ts';
import { type Fields, objectIn, optional, textIn, timeIn } from '../reading/fields.ts';

const STATUS: ReadonlyMap<unknown, RunStep['status']> = new Map([
  ['success', 'SUCCESS'],
  ['error', 'FAILED'],
  ['cancelled', 'CANCELLED'],
]);

/**
 * A tool call as a step. It begins when its message was written; the time that it has of its own is when
 * it ended, after the user agreed to it.
 */
export function toolStep(tool: Fields, startedAt: string | undefined): RunStep {
  const status = STATUS.get(tool.status);
  const end = status === undefined ? undefined : timeIn(tool, 'timestamp');
  const duration = end && startedAt ? Date.parse(end) - Date.parse(startedAt) : -1;
  const output = resultOf(tool);
  return {
    kind: 'tool_call',
    name: textIn(tool, 'name') ?? 'unknown',
    ...optional('status', status),
    ...optional('startedAt', startedAt),
    ...(duration >= 0 && { duration }),
    ...optional('input', tool.args as JsonValue | undefined),
    ...(output !== undefined && { [status === 'FAILED' ? 'error' : 'output']: output }),
  };
}

/** The text of a result that is nothing but one; else the result as it was given to the model. */
function resultOf({ result }: Fields): JsonValue | undefined {
  if (result === undefined || result === null) return undefined;
  const [only, ...more] = Array.isArray(result) ? result : [result];
  const response = isPlainObject(only)
    ? objectIn(objectIn(only, 'functionResponse'), 'response')
    : {};
  const text = more.length === 0 ? (response.output ?? response.error) : undefined;
  return typeof text === 'string' ? text : (result as JsonValue);
}
