import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AgentRun } from '../../../src/domain/run.ts';
import { claudeCode } from '../../../src/importers/claude-code/claude-code.ts';
import { transcriptOf } from '../../../src/importers/reading/find-transcripts.ts';
import type { Transcript } from '../../../src/repository/importer.ts';
import type { QuarantineItem } from '../../../src/repository/run-store.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** When the files of these tests were written last, and a moment long after. */
export const WRITTEN = Date.parse('2026-05-04T12:00:00.000Z');
const LATER = WRITTEN + 60 * 60_000;

export type Line = Record<string, unknown>;

/** A UUID that is told apart by its number. */
export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** `12:00:00` and so many seconds, on the day of these tests. */
export function at(seconds: number): string {
  return new Date(WRITTEN - 3_600_000 + seconds * 1_000).toISOString();
}

/** A line as Claude Code writes it; `number` is its place in the chain and in time. */
export function line(number: number, fields: Line): Line {
  return {
    ...{
      parentUuid: number > 1 ? uuid(number - 1) : null,
      isSidechain: false,
      cwd: '/home/ada/shop',
    },
    ...{ sessionId: 'session-a', version: '2.1.0', gitBranch: 'main' },
    ...{ uuid: uuid(number), timestamp: at(number), ...fields },
  };
}

export function user(number: number, content: unknown, fields: Line = {}): Line {
  return line(number, { type: 'user', message: { role: 'user', content }, ...fields });
}

/** One line of a message; `message` says which, and what else it has. */
export function assistant(
  number: number,
  content: unknown[],
  message: Line,
  fields: Line = {},
): Line {
  const whole = { role: 'assistant', model: 'claude-opus-4-6', content, ...message };
  const requestId = `request of ${String(message.id)}`;
  return line(number, { type: 'assistant', message: whole, requestId, ...fields });
}

export const text = (value: string): Line => ({ type: 'text', text: value });

export const tool = (id: string, name = 'Bash', input: Line = { command: 'ls' }): Line => ({
  ...{ type: 'tool_use', id, name, input },
});

export const result = (id: string, content: unknown, fields: Line = {}): Line => ({
  ...{ type: 'tool_result', tool_use_id: id, content, ...fields },
});

/** Lines as text, each ended. */
export function jsonl(lines: readonly Line[]): string {
  return lines.map((each) => `${JSON.stringify(each)}\n`).join('');
}

/** Writes files under a new folder, by their paths in it. */
export function written(files: Record<string, readonly Line[] | string>): Transcript[] {
  const folder = temporaryFolder();
  return Object.entries(files).map(([name, lines]) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof lines === 'string' ? lines : jsonl(lines));
    utimesSync(path, WRITTEN / 1_000, WRITTEN / 1_000);
    return transcriptOf(path, { size: statSync(path).size, modifiedAt: WRITTEN });
  });
}

/** What the importer makes of files: runs by their start, and what it could not take. */
export async function imported(
  files: readonly Transcript[],
  now = LATER,
): Promise<{ runs: AgentRun[]; setAside: QuarantineItem[] }> {
  const runs: AgentRun[] = [];
  const setAside: QuarantineItem[] = [];
  for await (const item of claudeCode.read(files, { now, link: () => {} })) {
    if (item.kind === 'run') runs.push(item.run);
    else if (item.kind === 'set-aside') setAside.push(item.item);
  }
  runs.sort((a, b) => (a.startedAt + a.id < b.startedAt + b.id ? -1 : 1));
  return { runs, setAside };
}

/** The runs of one session file. */
export async function runsOf(lines: readonly Line[], now = LATER): Promise<AgentRun[]> {
  const { runs } = await imported(written({ 'shop/session-a.jsonl': lines }), now);
  return runs;
}
