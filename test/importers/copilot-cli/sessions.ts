import type { AgentRun } from '../../../src/domain/run.ts';
import { copilotCli } from '../../../src/importers/copilot-cli/copilot-cli.ts';
import { type Imported, importedBy, writtenFiles } from '../support/imported.ts';

export type Line = Record<string, unknown>;

/** `10:00:00` and so many seconds, on the day of these tests. */
export function at(seconds: number): string {
  return new Date(Date.parse('2026-05-04T10:00:00.000Z') + seconds * 1_000).toISOString();
}

/** A UUID that is told apart by its number. */
export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** An event; `number` is its id and its time. */
export function event(number: number, type: string, data: Line = {}): Line {
  return { type, data, id: uuid(number), timestamp: at(number), parentId: null };
}

export function start(data: Line = {}, number = 0): Line {
  const git = { gitRoot: '/home/ada/shop', repository: 'ada/shop', branch: 'main' };
  const context = { cwd: '/home/ada/shop/till', ...git, headCommit: 'abc' };
  const about = { sessionId: 'session-a', copilotVersion: '1.0.3', startTime: at(number) };
  return event(number, 'session.start', { ...about, selectedModel: 'gpt-5', context, ...data });
}

export const user = (number: number, content: string, data: Line = {}): Line =>
  event(number, 'user.message', { content, transformedContent: `<now>\n\n${content}`, ...data });

/** What a model said, and the tools that it asked for, by their ids. */
export function assistant(
  number: number,
  content: string,
  tools: string[] = [],
  data: Line = {},
): Line {
  const toolRequests = tools.map((toolCallId) => ({
    ...{ toolCallId, name: 'bash', arguments: { command: 'ls' } },
  }));
  return event(number, 'assistant.message', { content, toolRequests, outputTokens: 5, ...data });
}

export const result = (number: number, toolCallId: string, data: Line = {}): Line =>
  event(number, 'tool.execution_complete', {
    ...{ toolCallId, success: true, result: { content: 'a b', detailedContent: 'long' }, ...data },
  });

/** The end of a session, with its tokens by model. */
export function shutdown(number: number, models: Record<string, Line>): Line {
  const metrics = Object.entries(models).map(([model, usage]) => [
    model,
    { requests: { count: 1, cost: 0.33 }, usage },
  ]);
  return event(number, 'session.shutdown', { modelMetrics: Object.fromEntries(metrics) });
}

/** Lines as text, each ended. */
export function jsonl(lines: readonly unknown[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** What the importer makes of texts, by file names. */
export async function imported(files: Record<string, string>, now?: number): Promise<Imported> {
  return await importedBy(copilotCli, writtenFiles(files), now);
}

/** The runs of one session; nothing of it is set aside. */
export async function runsOf(lines: readonly Line[], now?: number): Promise<AgentRun[]> {
  const files = { 'session-a/events.jsonl': jsonl([start(), ...lines]) };
  const { runs, setAside } = await imported(files, now);
  if (setAside.length > 0) throw new TypeError(setAside.map(({ reason }) => reason).join(' '));
  return runs;
}
