import type { AgentRun } from '../../../src/domain/run.ts';
import { opencode } from '../../../src/importers/opencode/opencode.ts';
import type { Transcript } from '../../../src/repository/importer.ts';
import { type Imported, importedBy, WRITTEN, writtenFiles } from '../support/imported.ts';

export type Value = Record<string, unknown>;

/** Files by their paths. */
export type Files = Record<string, unknown>;

const TEN = Date.parse('2026-05-04T10:00:00.000Z');

/** `10:00:00` and so many seconds, on the day of these tests, as opencode writes it. */
export const ms = (seconds: number): number => TEN + seconds * 1_000;

/** The same as runs have it. */
export const at = (seconds: number): string => new Date(ms(seconds)).toISOString();

export function session(id: string, fields: Value = {}): Files {
  const info = {
    id,
    version: '1.1.0',
    projectID: 'p',
    directory: '/home/ada/shop',
    time: { created: ms(0) },
  };
  return { [`storage/session/p/${id}.json`]: { ...info, ...fields } };
}

/** A message with its parts. Its id is `m` and its number, which is the second it was made at. */
export function message(number: number, fields: Value, parts: Value[], of = 'ses_a'): Files {
  const id = typeof fields.id === 'string' ? fields.id : `m${number}`;
  const whole = { id, sessionID: of, time: { created: ms(number) }, ...fields };
  const files: Files = { [`storage/message/${of}/${id}.json`]: whole };
  for (const [index, part] of parts.entries()) {
    const name = `${id}-p${index}`;
    files[`storage/part/${id}/${name}.json`] = { id: name, sessionID: of, messageID: id, ...part };
  }
  return files;
}

export const user = (number: number, prompt: string, of?: string): Files =>
  message(number, { role: 'user', model: { modelID: 'opus' } }, [text(prompt)], of);

/** A message of a model that took half a second. */
export function assistant(
  number: number,
  parent: number,
  parts: Value[],
  fields: Value = {},
  of?: string,
): Files {
  const time = { created: ms(number), completed: ms(number + 0.5) };
  const said = { role: 'assistant', parentID: `m${parent}`, modelID: 'opus', time, ...fields };
  return message(number, said, parts, of);
}

export const text = (value: string, fields: Value = {}): Value => ({
  type: 'text',
  text: value,
  ...fields,
});

export function tool(name: string, seconds: number, state: Value = {}): Value {
  const time = { start: ms(seconds), end: ms(seconds + 0.25) };
  const done = { status: 'completed', input: { path: 'a' }, output: 'a b', time };
  return { type: 'tool', tool: name, callID: 'c', state: { ...done, ...state } };
}

/** The end of a step, whose cost is its output in cents. */
export function finish(reason: string, output = 5): Value {
  const tokens = { input: 10, output, reasoning: 1, cache: { read: 3, write: 2 } };
  return { type: 'step-finish', reason, tokens, cost: output / 100 };
}

/** Files as text. */
export function asText(files: Files): Record<string, string> {
  const texts = Object.entries(files).map(([path, value]) => [
    path,
    typeof value === 'string' ? value : JSON.stringify(value, null, 2),
  ]);
  return Object.fromEntries(texts);
}

/** What the importer makes of files. */
export async function imported(files: Files, now?: number): Promise<Imported> {
  return await importedBy(opencode, writtenFiles(asText(files)), now);
}

/** The runs of files of which nothing is set aside. */
export async function runsOf(files: Files, now?: number): Promise<AgentRun[]> {
  const { runs, setAside } = await imported(files, now);
  if (setAside.length > 0) throw new TypeError(setAside.map(({ reason }) => reason).join(' '));
  return runs;
}

/** Files that are nowhere but in memory: for many of them. */
export function inMemory(files: Record<string, string>): Transcript[] {
  return Object.entries(files).map(([path, content]) => ({
    ...{ path: `/x/${path}`, size: content.length, modifiedAt: WRITTEN },
    async *bytes() {
      yield Buffer.from(content);
    },
  }));
}
