import type { JsonValue } from '../../domain/json.ts';
import type { RunStep } from '../../domain/run.ts';
import {
  durationBetween,
  epochIn,
  type Fields,
  listIn,
  objectIn,
  optional,
  textIn,
} from '../reading/fields.ts';

/** A call of a tool, with its result where that is there. */
export function toolStep(part: Fields): RunStep {
  const state = objectIn(part, 'state');
  const time = objectIn(state, 'time');
  const [start, end] = [epochIn(time, 'start'), epochIn(time, 'end')];
  const status = TOOL_STATUS.get(state.status);
  return {
    ...{ kind: 'tool_call', name: textIn(part, 'tool') ?? 'unknown' },
    ...optional('status', status),
    ...{ ...optional('startedAt', start), ...durationBetween(start, end) },
    ...optional('input', state.input as JsonValue | undefined),
    ...optional('output', state.output as JsonValue | undefined),
    ...optional('error', state.error as JsonValue | undefined),
  };
}

const TOOL_STATUS: ReadonlyMap<unknown, 'SUCCESS' | 'FAILED'> = new Map([
  ['completed', 'SUCCESS'],
  ['success', 'SUCCESS'],
  ['error', 'FAILED'],
]);

/** What happened beside calls of models and tools; undefined for what runs have no use for. */
export function eventStep(part: Fields): RunStep | undefined {
  const type = textIn(part, 'type');
  const startedAt = optional('startedAt', startOf(part));
  if (type === 'text')
    return { kind: 'message', name: 'assistant', output: textIn(part, 'text') ?? '', ...startedAt };
  if (type === 'patch')
    return { kind: 'event', name: type, output: [...listIn(part, 'files')] as JsonValue[] };
  if (type === 'file') return { kind: 'event', name: type, output: fileName(part) };
  if (type === 'compaction') return { kind: 'event', name: type };
  if (type !== 'retry') return undefined;
  const at = epochIn(objectIn(part, 'time'), 'created');
  return {
    kind: 'event',
    name: type,
    ...optional('startedAt', at),
    ...optional('error', part.error as JsonValue | undefined),
  };
}

/** Whether nobody typed or said this text: opencode put it there. */
export function isSynthetic(part: Fields): boolean {
  return part.synthetic === true || part.ignored === true;
}

/** What a prompt's part adds to it; undefined for one that nobody typed. */
export function promptText(part: Fields): string | undefined {
  if (part.type === 'text') return isSynthetic(part) ? undefined : textIn(part, 'text');
  if (part.type === 'subtask') return textIn(part, 'prompt');
  return part.type === 'file' ? `[${fileName(part)}]` : undefined;
}

/** When a part began; undefined where it does not say. ISO 8601. */
export function startOf(part: Fields): string | undefined {
  return epochIn(objectIn(part, 'time'), 'start');
}

/** When a part, or the tool that it is a call of, ended or was heard of last. ISO 8601. */
export function endOf(part: Fields): string | undefined {
  const times = [objectIn(part, 'time'), objectIn(objectIn(part, 'state'), 'time')];
  const ends = times.flatMap((time) => epochIn(time, 'end') ?? epochIn(time, 'start') ?? []);
  return ends.sort().at(-1);
}

function fileName(part: Fields): string {
  return textIn(part, 'filename') ?? textIn(part, 'mime') ?? 'file';
}
