import {
  boolean,
  type FieldReader,
  integer,
  json,
  jsonObject,
  nullable,
  number,
  oneOf,
  shortText,
  tagList,
  text,
  textList,
  time,
  uuid,
} from './field-readers.ts';
import { RUN_STATUSES } from './status.ts';

/** One field of an object: how it is read, whether it must be there, what stands in for it. */
export interface Field {
  read?: FieldReader;
  /** The fields inside, where the field is an object of ours. */
  fields?: FieldTable;
  /** The field is a list of objects with the fields inside. */
  list?: true;
  /** Absent is an issue. Otherwise the field is left out, or filled with what `absent` gives. */
  required?: true;
  absent?: () => unknown;
}

/** The fields of an object by name. What is not in it is unknown, and kept. */
export type FieldTable = Readonly<Record<string, Field>>;

/** A store counts versions up, and each is to stay a number that is exact. */
const LARGEST_VERSION = 2 ** 52;

const count = nullable(integer(0));
const unknownCount = { read: count, absent: () => null };

/** The fields of `usage`, of a run and of a step. */
export const USAGE_FIELDS: FieldTable = {
  inputTokens: unknownCount,
  cacheReadTokens: unknownCount,
  cacheWrite5mTokens: unknownCount,
  cacheWrite1hTokens: unknownCount,
  outputTokens: unknownCount,
  reasoningTokens: unknownCount,
};

/** The fields of `input`. */
export const INPUT_FIELDS: FieldTable = {
  prompt: { read: text, required: true },
  diff: { read: text, absent: () => '' },
  recentCommits: { read: textList, absent: () => [] },
  model: { read: nullable(text), absent: () => null },
  temperature: { read: nullable(number), absent: () => null },
};

/** The fields of `output`. */
export const OUTPUT_FIELDS: FieldTable = {
  message: { read: text, required: true },
  confidence: { read: nullable(number), absent: () => null },
  reasoning: { read: text },
  rawResponse: { read: text, absent: () => '' },
  tokensUsed: { read: count, absent: () => null },
};

/** The fields of `error`. */
export const ERROR_FIELDS: FieldTable = {
  code: { read: text, required: true },
  message: { read: text, required: true },
  stackTrace: { read: text },
  recoverable: { read: boolean, required: true },
};

/** The fields of a step. */
export const STEP_FIELDS: FieldTable = {
  kind: { read: oneOf(['model_call', 'tool_call', 'message', 'event']), required: true },
  name: { read: text },
  model: { read: text },
  status: { read: oneOf(['RUNNING', 'SUCCESS', 'FAILED', 'CANCELLED']) },
  startedAt: { read: time },
  duration: { read: integer() },
  usage: { fields: USAGE_FIELDS },
  input: { read: json },
  output: { read: json },
  error: { read: json },
};

/** The fields of `source`. */
export const SOURCE_FIELDS: FieldTable = {
  key: { read: text, required: true },
  location: { read: text },
};

/** The fields of a run. */
export const RUN_FIELDS: FieldTable = {
  id: { read: uuid, required: true },
  repository: { read: shortText(255), required: true },
  status: { read: oneOf(RUN_STATUSES), required: true },
  startedAt: { read: time, required: true },
  completedAt: { read: time },
  duration: { read: integer() },
  input: { fields: INPUT_FIELDS, required: true },
  output: { fields: OUTPUT_FIELDS },
  error: { fields: ERROR_FIELDS },
  retryCount: { read: integer(0), absent: () => 0 },
  parentRunId: { read: uuid },
  agent: { read: text },
  sessionId: { read: text },
  callerRunId: { read: uuid },
  branch: { read: text },
  workingDirectory: { read: text },
  tags: { read: tagList },
  metadata: { read: jsonObject },
  usage: { fields: USAGE_FIELDS },
  costMicroUsd: { read: integer(0) },
  steps: { fields: STEP_FIELDS, list: true },
  source: { fields: SOURCE_FIELDS },
  statusSource: { read: oneOf(['recorded', 'inferred']) },
  version: { read: integer(1, LARGEST_VERSION) },
  createdAt: { read: time },
  updatedAt: { read: time },
};
