import type { JsonObject, JsonValue } from '../../domain/json.ts';
import type { RunStep } from '../../domain/run.ts';
import { STEP_FIELDS } from '../../domain/run-fields.ts';
import { putBackUnknown, unknownFields } from '../../domain/unknown-fields.ts';
import {
  jsonColumn,
  numberColumn,
  readExtra,
  readJson,
  readNumber,
  readText,
  readTime,
  textColumn,
  timeColumn,
} from './column-values.ts';
import { partTable, type SqlRow } from './columns.ts';
import { type KeepText, packJson } from './packed-json.ts';
import { presentMembers } from './present-members.ts';

/** What a row of `run_steps` is made from. */
export interface StepPart {
  runId: string;
  ordinal: number;
  step: RunStep;
  /** Keeps the step's large texts. */
  keep: KeepText;
}

/** `run_steps`. */
export const STEP_TABLE = partTable<StepPart>('run_steps', {
  run_id: ({ runId }) => runId,
  ordinal: ({ ordinal }) => ordinal,
  kind: ({ step }) => step.kind,
  name: ({ step }) => textColumn(step.name),
  model: ({ step }) => textColumn(step.model),
  status: ({ step }) => textColumn(step.status),
  started_at: ({ step }) => timeColumn(step.startedAt),
  duration: ({ step }) => numberColumn(step.duration),
  usage: ({ step, keep }) => packedColumn(step.usage as JsonObject | undefined, keep),
  input: ({ step, keep }) => packedColumn(step.input, keep),
  output: ({ step, keep }) => packedColumn(step.output, keep),
  error: ({ step, keep }) => packedColumn(step.error, keep),
  extra: ({ step, keep }) => packedColumn(unknownFields(step, STEP_FIELDS), keep),
});

/** The step of a row as JSON, its large texts still references: `unpackJson` puts them back. */
export function packedStepOfRow(row: SqlRow): JsonObject {
  const members: { [name: string]: JsonValue | undefined } = {
    kind: readText(row.kind),
    name: readText(row.name),
    model: readText(row.model),
    status: readText(row.status),
    startedAt: readTime(row.started_at),
    duration: readNumber(row.duration),
    usage: readJson(row.usage),
    input: readJson(row.input),
    output: readJson(row.output),
    error: readJson(row.error),
  };
  return putBackUnknown(presentMembers(members) as JsonObject, readExtra(row.extra));
}

function packedColumn(value: JsonValue | undefined, keep: KeepText): string | null {
  return value === undefined ? null : jsonColumn(packJson(value, keep));
}
