import type { AgentRun } from '../../../src/domain/run.ts';
import { pi } from '../../../src/importers/pi/pi.ts';
import { type Imported, importedBy, writtenFiles } from '../support/imported.ts';

export type Line = Record<string, unknown>;

const NOON = Date.parse('2026-05-04T10:00:00.000Z');

/** `10:00:00` and so many seconds, on the day of these tests. */
export function at(seconds: number): string {
  return new Date(NOON + seconds * 1_000).toISOString();
}

export function head(fields: Line = {}): Line {
  const line = { type: 'session', version: 3, id: 'session-a', timestamp: at(0) };
  return { ...line, cwd: '/home/ada/shop', ...fields };
}

/** An entry; `number` is its place in the tree and in time: its message is a second older. */
export function entry(number: number, message: Line, fields: Line = {}): Line {
  return {
    ...{ type: 'message', id: `e${number}`, parentId: number > 1 ? `e${number - 1}` : null },
    ...{ timestamp: at(number), message: { timestamp: NOON + (number - 1) * 1_000, ...message } },
    ...fields,
  };
}

export const user = (number: number, text: string, fields: Line = {}): Line =>
  entry(number, { role: 'user', content: text }, fields);

/** What a model said, and the tools that it called. Its cost is its output in cents. */
export function assistant(number: number, parts: Line[], message: Line = {}, output = 5): Line {
  const cost = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: output / 100 };
  const usage = { input: 10, output, cacheRead: 3, cacheWrite: 2, totalTokens: 20, cost };
  const stopReason = parts.some(({ type }) => type === 'toolCall') ? 'toolUse' : 'stop';
  const said = { role: 'assistant', content: parts, model: 'opus', usage, stopReason };
  return entry(number, { ...said, ...message });
}

export const text = (value: string): Line => ({ type: 'text', text: value });

export const call = (id: string): Line => ({
  ...{ type: 'toolCall', id, name: 'bash', arguments: { command: 'ls' } },
});

export function result(number: number, toolCallId: string, fields: Line = {}): Line {
  const content = [text('a b')];
  const message = { role: 'toolResult', toolCallId, toolName: 'bash', content, isError: false };
  return entry(number, { ...message, ...fields });
}

/** Lines as text, each ended. */
export function jsonl(lines: readonly unknown[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** What the importer makes of texts, by file names. */
export async function imported(files: Record<string, string>, now?: number): Promise<Imported> {
  return await importedBy(pi, writtenFiles(files), now);
}

/** The runs of one session; nothing of it is set aside. */
export async function runsOf(lines: readonly Line[], now?: number): Promise<AgentRun[]> {
  const { runs, setAside } = await imported({ 'shop/a.jsonl': jsonl([head(), ...lines]) }, now);
  if (setAside.length > 0) throw new TypeError(setAside.map(({ reason }) => reason).join(' '));
  return runs;
}
