import { json } from '../../domain/field-readers.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import type { AgentRun, RunStep } from '../../domain/run.ts';
import type { ImportedItem, Transcript } from '../../repository/importer.ts';
import { decoded } from '../reading/decoded.ts';
import { durationBetween, type Fields, listIn, optional } from '../reading/fields.ts';
import { folderName } from '../reading/folder-name.ts';
import { addCall, beginRun, finishRun, type RunDraft, worked } from '../reading/run-draft.ts';
import { isGrowing } from '../reading/unfinished.ts';
import { AGENT } from './agent.ts';
import { memberOf, type Row, textOf, timeOf } from './row.ts';
import { saidIn } from './said.ts';
import { figuresOf } from './usage.ts';

/** A trace: what is said of it as a whole, and what was observed in it. */
export interface Trace {
  /** Undefined where only its observations were exported. */
  row: Row | undefined;
  /** By their start. */
  observations: Row[];
}

/** The run that a trace is. Undefined for one of which nothing is there. */
export function traceRun({ row, observations }: Trace, now: number): ImportedItem | undefined {
  const first = row ?? observations[0];
  if (first === undefined) return undefined;
  const tree = new ObservationTree(observations);
  const calls = observations.filter((each) => tree.isCall(each));
  const whole = [row, tree.head].filter((each) => each !== undefined);
  const inputs = [...whole, ...calls].map(({ fields }) => fields.input);
  const said = inputs.map((input) => saidIn(input, 'user')).find((text) => text !== undefined);
  const draft = beginRun({
    ...{ agent: AGENT, key: first.traceId, file: first.file, place: first.place },
    startedAt: (row && timeOf(row.fields, 'timestamp')) ?? startOf(observations[0]),
    prompt: said ?? asText(inputs.find((input) => input !== null && input !== undefined)),
  });
  for (const each of observations)
    if (each !== tree.head || tree.isCall(each)) take(draft, each, tree);
  if (observations.length === 0 && row !== undefined) draft.calls.push(figuresOf(row.fields));
  const outputs = [...whole, ...calls.toReversed()].map(({ fields }) => fields.output);
  draft.answer = outputs.flatMap((output) => saidIn(output, 'assistant') ?? [])[0];
  conclude(draft, { row, observations }, tree);
  const files = [first, ...observations].map(({ file }) => file);
  return finishRun(draft, {
    repository: repositoryOf(first.fields, first.file),
    mayGrow: files.some((file) => isGrowing(file, now)),
    ...aboutOf(first.fields),
  });
}

/** How observations hang on each other. */
class ObservationTree {
  /** The first that hangs on none that is there: it stands for the run. */
  readonly head: Row | undefined;
  readonly #byId: ReadonlyMap<string, Row>;
  readonly #parents = new Set<Row>();
  /** What has a model call within it only repeats what that says. */
  readonly #wrappers = new Set<Row>();

  constructor(observations: readonly Row[]) {
    this.#byId = new Map(observations.map((each) => [each.id, each]));
    this.head = observations.find((each) => this.#parentOf(each) === undefined);
    for (const each of observations) {
      const parent = this.#parentOf(each);
      if (parent !== undefined) this.#parents.add(parent);
      if (mayBeCall(each.fields)) this.#wrap(each);
    }
  }

  isCall(row: Row): boolean {
    return mayBeCall(row.fields) && !this.#wrappers.has(row);
  }

  isWrapper(row: Row): boolean {
    return this.#wrappers.has(row);
  }

  isLeaf(row: Row): boolean {
    return !this.#parents.has(row);
  }

  /** Ends at one that is marked already, so also where observations hang on each other in a ring. */
  #wrap(row: Row): void {
    let each = this.#parentOf(row);
    while (each !== undefined && each !== row && !this.#wrappers.has(each)) {
      this.#wrappers.add(each);
      each = this.#parentOf(each);
    }
  }

  #parentOf({ fields, id }: Row): Row | undefined {
    const parent = textOf(fields, 'parentObservationId');
    return parent === undefined || parent === id ? undefined : this.#byId.get(parent);
  }
}

function mayBeCall(fields: Fields): boolean {
  const { usage, costUsd } = figuresOf(fields);
  const isModel = fields.type === 'GENERATION' || fields.type === 'EMBEDDING';
  return isModel || usage !== undefined || (costUsd ?? 0) > 0;
}

function take(draft: RunDraft, row: Row, tree: ObservationTree): void {
  const { fields } = row;
  const name = textOf(fields, 'name');
  const step = { ...outcomeOf(fields), ...optional('startedAt', startOf(row)) };
  const took = durationBetween(startOf(row), timeOf(fields, 'endTime'));
  if (tree.isCall(row)) {
    const text = saidIn(fields.output, 'assistant');
    const model = textOf(fields, 'model') ?? textOf(fields, 'providedModelName');
    const output = text === undefined ? {} : { output: { text } };
    const call: RunStep = { kind: 'model_call', ...optional('model', model), ...step, ...took };
    addCall(draft, { ...call, ...output }, figuresOf(fields));
    return;
  }
  // What wraps a call of a model tells nothing that the call does not.
  if (fields.type === 'GENERATION' && tree.isWrapper(row)) return;
  const isTool = fields.type === 'TOOL';
  const input = decoded(fields.input) ?? undefined;
  const output = decoded(fields.output) ?? undefined;
  draft.steps.push({
    kind: isTool ? 'tool_call' : 'event',
    name: (isTool ? name?.replace(/^execute_tool /, '') : name) ?? 'unknown',
    ...{ ...step, ...took },
    // The steps of a framework repeat the whole conversation.
    ...((isTool || tree.isLeaf(row)) && {
      ...optional('input', input as JsonValue | undefined),
      ...optional('output', output as JsonValue | undefined),
    }),
  });
}

function outcomeOf(fields: Fields): Pick<RunStep, 'status' | 'error'> {
  const error = textOf(fields, 'statusMessage');
  if (fields.level === 'ERROR') return { status: 'FAILED', ...optional('error', error) };
  return timeOf(fields, 'endTime') === undefined ? {} : { status: 'SUCCESS' };
}

function conclude(draft: RunDraft, { row, observations }: Trace, { head }: ObservationTree): void {
  for (const { fields } of observations) {
    worked(draft, timeOf(fields, 'endTime') ?? timeOf(fields, 'startTime'), 'working');
  }
  if (head?.fields.level === 'ERROR') {
    const message = textOf(head.fields, 'statusMessage') ?? 'The agent failed.';
    draft.ending = { code: 'AGENT_ERROR', message, recoverable: true };
    return;
  }
  const isOver = head === undefined ? hasOutput(row) : timeOf(head.fields, 'endTime') !== undefined;
  if (isOver) draft.ending = 'answer';
}

function hasOutput(row: Row | undefined): boolean {
  return row?.fields.output !== undefined && row.fields.output !== null;
}

function startOf(row: Row | undefined): string | undefined {
  return row && timeOf(row.fields, 'startTime');
}

/** A prompt that is no text: as JSON. */
function asText(input: unknown): string | undefined {
  const value = decoded(input);
  if (value === undefined || typeof value === 'string') return value;
  return json(value).ok ? JSON.stringify(value) : '[nested too deeply]';
}

/** Langfuse knows no repository; a project is what holds the traces of one program. */
function repositoryOf(fields: Fields, { path }: Transcript): string {
  return folderName(textOf(fields, 'projectId') ?? path.replace(/[\\/][^\\/]*$/, '')) || 'unknown';
}

function aboutOf(fields: Fields): { fields: Partial<AgentRun>; metadata: JsonObject } {
  const tags = listIn(fields, 'tags').filter((tag) => typeof tag === 'string' && tag !== '');
  const name = memberOf(fields, 'traceId') === undefined ? 'name' : 'traceName';
  return {
    fields: {
      ...optional('sessionId', textOf(fields, 'sessionId')),
      ...(tags.length > 0 && { tags: [...new Set(tags as string[])] }),
    },
    metadata: {
      ...optional('traceName', textOf(fields, name)),
      ...optional('userId', textOf(fields, 'userId')),
      ...optional('environment', textOf(fields, 'environment')),
      ...optional('agentVersion', textOf(fields, 'release') ?? textOf(fields, 'version')),
    },
  };
}
