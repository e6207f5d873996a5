import { join } from 'node:path';
import { digestOf } from '../../domain/canonical.ts';
import { InvalidRun } from '../../domain/invalid-run.ts';
import { parseLossless } from '../../domain/lossless-json.ts';
import { readOldRun } from '../../domain/old-run.ts';
import type { AgentRun } from '../../domain/run.ts';
import { PUT_ASIDE } from './folder-names.ts';
import { readRegularFile } from './read-regular-file.ts';

/** What an entry of a run folder turned out to be. */
export type RunFile =
  | { kind: 'run'; run: AgentRun; digest: string; bytes: Uint8Array }
  | { kind: 'unreadable'; reason: string; bytes: Uint8Array | null };

/**
 * Reads one entry of a run folder, whatever it is. `reason` is a sentence or two that say what is
 * wrong and what to do; `bytes` is what was found, null where there is nothing to keep. Never waits
 * for a pipe, and fails only where the process itself is at its end (no memory, no file handles).
 */
export function readRunFile(folder: string, name: string): RunFile {
  const file = readRegularFile(join(folder, name));
  if (file.kind === 'unreadable') return { ...file, bytes: null };
  const { bytes } = file;
  try {
    refuseName(name);
    const run = runOf(textOf(bytes));
    return { kind: 'run', run, digest: digestOf(run), bytes };
  } catch (error) {
    if (error instanceof NotARun) return { kind: 'unreadable', reason: error.message, bytes };
    throw error;
  }
}

/** Why these bytes are no run; the message is for people. */
class NotARun extends Error {}

function refuseName(name: string): void {
  if (name.endsWith('.json')) return;
  if (name.endsWith(PUT_ASIDE)) {
    throw new NotARun(
      'This was in the way of a run that was saved or deleted: it was no run, or a copy of it that did not count. Move it elsewhere, or delete it.',
    );
  }
  throw new NotARun(
    /\.te?mp\b|~$/i.test(name)
      ? 'The file is left over from a write that never ended. Delete it, or rename it to <id>.json if it holds a whole run.'
      : 'The name does not end in ".json", so this is not taken for a run. Move it elsewhere, or rename it to <id>.json.',
  );
}

function textOf(bytes: Uint8Array): string {
  if (bytes.length === 0) {
    throw new NotARun('The file is empty. Put it back from a copy, or delete it.');
  }
  if (bytes.every((byte) => byte === 0)) {
    throw new NotARun(
      `The file holds ${bytes.length} NUL bytes and nothing else, as after a power failure. Put it back from a copy, or delete it.`,
    );
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new NotARun('The file is UTF-16. Save it as UTF-8.');
  }
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const text = attempt(
    () => decoder.decode(bytes, { stream: true }),
    TypeError,
    () => 'The file is not UTF-8. Save it as UTF-8.',
  );
  // What the decoder still holds is the beginning of a character whose end is missing.
  attempt(
    () => decoder.decode(),
    TypeError,
    () =>
      `The file is cut off inside a character, after ${bytes.length} bytes. Put it back from a copy, or delete it.`,
  );
  return text;
}

function runOf(text: string): AgentRun {
  const value = attempt(
    () => parseLossless(text),
    InvalidRun,
    ({ issues, message }) =>
      issues[0]?.path
        ? `The JSON cannot be kept as it is: ${message}. Correct the file.`
        : `The JSON ${message}. Put it back from a copy, or correct or delete it.`,
  );
  return attempt(
    () => readOldRun(value),
    InvalidRun,
    ({ issues, message }) =>
      `The JSON is no run: ${issues[0]?.path ? '' : 'it '}${message}. Correct the file, or move it elsewhere.`,
  );
}

/** What `read` gives; a failure of that kind becomes `NotARun` with the reason. */
function attempt<T, E extends Error>(
  read: () => T,
  kind: abstract new (...args: never[]) => E,
  reasonOf: (error: E) => string,
): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof kind) throw new NotARun(reasonOf(error));
    throw error;
  }
}
