import type { AgentRun } from '../../../src/domain/run.ts';
import { geminiCli } from '../../../src/importers/gemini-cli/gemini-cli.ts';
import { type Imported, importedBy, writtenFiles } from '../support/imported.ts';

export type Line = Record<string, unknown>;

/** A UUID that is told apart by its number. */
export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** `10:00:00` and so many seconds, on the day of these tests. */
export function at(seconds: number): string {
  return new Date(Date.parse('2026-05-04T10:00:00.000Z') + seconds * 1_000).toISOString();
}

/** The first line of a session, or what a document has beside its messages. */
export function head(fields: Line = {}): Line {
  const times = { startTime: at(0), lastUpdated: at(0) };
  return { sessionId: 'session-a', projectHash: 'no hash of a path', ...times, ...fields };
}

/** A message; `number` is its id and its time. */
export function message(number: number, type: string, content: unknown, fields: Line = {}): Line {
  return { id: uuid(number), timestamp: at(number), type, content, ...fields };
}

/** What a model said, with its tokens where they are given. */
export function gemini(number: number, content: unknown, fields: Line = {}): Line {
  return message(number, 'gemini', content, { model: 'gemini-3-pro', ...fields });
}

export function tokens(input: number, output: number, fields: Line = {}): Line {
  const none = { cached: 0, thoughts: 0, tool: 0 };
  return { tokens: { input, output, ...none, ...fields } };
}

export function tool(status: string, fields: Line = {}): Line {
  return { id: 'call-1', name: 'read_file', args: { path: 'till.ts' }, status, ...fields };
}

/** Records line by line, each ended. */
export function jsonl(lines: readonly unknown[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** What the importer makes of texts, by file names. */
export async function imported(files: Record<string, string>, now?: number): Promise<Imported> {
  return await importedBy(geminiCli, writtenFiles(files), now);
}

/** The runs of one session that is written line by line; nothing of it is set aside. */
export async function runsOf(messages: readonly Line[], now?: number): Promise<AgentRun[]> {
  const { runs, setAside } = await imported(
    { 'session-a.jsonl': jsonl([head(), ...messages]) },
    now,
  );
  if (setAside.length > 0) throw new TypeError(setAside.map(({ reason }) => reason).join(' '));
  return runs;
}
