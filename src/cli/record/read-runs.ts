import { InvalidRun } from '../../domain/invalid-run.ts';
import { isPlainObject, type JsonValue } from '../../domain/json.ts';
import { parseLossless } from '../../domain/lossless-json.ts';
import { UsageError } from '../usage-error.ts';

/** One value of the input: a run to be, or what is wrong with it. */
export type InputValue =
  | { ok: true; run: Record<string, unknown> }
  | { ok: false; problem: string };

/**
 * Reads runs from JSON text: one run over any number of lines, an array of runs, or a run per line.
 * Which of them it is shows in the first line: where that is JSON by itself, every line is, and memory
 * holds one of them. Else the text is read whole. A broken line is given as such, and the next is read.
 *
 * Rejects with `UsageError` where the text as a whole is none of these, or is no UTF-8.
 */
export async function* readRuns(input: AsyncIterable<Uint8Array>): AsyncGenerator<InputValue> {
  let isFirst = true;
  let whole: string | undefined;
  for await (const line of linesOf(input)) {
    if (whole !== undefined) {
      whole += `\n${line}`;
      continue;
    }
    if (line.trim() === '') continue;
    const reading = read(line);
    if (!reading.ok && isFirst) {
      whole = line;
      continue;
    }
    isFirst = false;
    for (const value of valuesOf(reading)) yield toRun(value);
  }
  if (whole === undefined) return;
  const reading = read(whole);
  if (!reading.ok) {
    throw new UsageError(
      `Standard input holds no run: it ${reading.problem}.`,
      'Give a run as JSON, an array of runs, or one run per line.',
    );
  }
  for (const value of valuesOf(reading)) yield toRun(value);
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

function valuesOf(reading: Reading): Reading[] {
  if (!reading.ok || !Array.isArray(reading.value)) return [reading];
  return reading.value.map((value) => ({ ok: true, value }));
}

function toRun(reading: Reading): InputValue {
  if (!reading.ok) return { ok: false, problem: reading.problem };
  if (isPlainObject(reading.value)) return { ok: true, run: reading.value };
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
