import { InvalidRun } from '../../domain/invalid-run.ts';
import { isPlainObject, type JsonValue } from '../../domain/json.ts';
import { parseLossless } from '../../domain/lossless-json.ts';
import { UsageError } from '../usage-error.ts';

/** One value of the input: a run to be, or what is wrong with it. */
export type InputValue =
  | { ok: true; run: Record<string, unknown> }
  /** What follows the name of the value, such as `is cut off: …`. */
  | { ok: false; problem: string };

const HOW_TO_GIVE_RUNS = 'Give a run as JSON, an array of runs, or one run per line.';

/**
 * Reads runs from JSON text: one run over any number of lines, an array of runs, or a run per line.
 * Which of them it is shows in the first line: where that is JSON by itself, every line is, and memory
 * holds one of them. Else the text is read whole; where that is no JSON and a line of it is an object
 * by itself, it is a run per line after all. A broken line is given as such, and the next is read.
 *
 * Rejects with `UsageError` where the text as a whole is none of these, is empty, or is no UTF-8.
 */
export async function* readRuns(input: AsyncIterable<Uint8Array>): AsyncGenerator<InputValue> {
  let isFirst = true;
  let lines: string[] | undefined;
  for await (const line of linesOf(input)) {
    if (lines === undefined && line.trim() === '') continue;
    const reading = lines === undefined ? read(line) : null;
    if (reading === null || (isFirst && !reading.ok)) {
      lines ??= [];
      lines.push(line);
      continue;
    }
    isFirst = false;
    yield* runsOf(reading);
  }
  if (lines !== undefined) yield* readWhole(lines);
  else if (isFirst) throw new UsageError('Standard input is empty.', HOW_TO_GIVE_RUNS);
}

/** Reads a text whose first line is no JSON by itself. */
function* readWhole(lines: readonly string[]): Generator<InputValue> {
  const reading = read(lines.join('\n'));
  if (reading.ok) return yield* runsOf(reading);
  const byLine = lines.filter((line) => line.trim() !== '').map(read);
  if (!byLine.some((line) => line.ok && isPlainObject(line.value))) {
    throw new UsageError(`Standard input holds no run: it ${reading.problem}.`, HOW_TO_GIVE_RUNS);
  }
  for (const line of byLine) yield* runsOf(line);
}

type Reading = { ok: true; value: JsonValue } | { ok: false; problem: string };

function read(text: string): Reading {
  try {
    return { ok: true, value: parseLossless(text) };
  } catch (error) {
    if (error instanceof InvalidRun) return { ok: false, problem: error.message };
    throw error;
  }
}

/** The run of a reading, or the runs of an array. */
function runsOf(reading: Reading): InputValue[] {
  if (!reading.ok) return [reading];
  return Array.isArray(reading.value) ? reading.value.map(toRun) : [toRun(reading.value)];
}

function toRun(value: JsonValue): InputValue {
  if (isPlainObject(value)) return { ok: true, run: value };
  return { ok: false, problem: 'must be an object with the fields of a run' };
}

/** The lines of a text. Only LF ends one: U+2028, which other readers split at, is legal in JSON. */
async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const pieces: string[] = [];
  for await (const chunk of input) {
    const [first = '', ...others] = decode(decoder, chunk).split('\n');
    pieces.push(first);
    for (const piece of others) {
      yield pieces.join('');
      pieces.length = 0;
      pieces.push(piece);
    }
  }
  pieces.push(decode(decoder, undefined));
  yield pieces.join('');
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array | undefined): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new UsageError('Standard input is not valid UTF-8.', 'JSON is written in UTF-8.');
  }
}
