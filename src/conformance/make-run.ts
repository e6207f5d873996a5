import { normalizeRun } from '../domain/normalize-run.ts';
import type { AgentRun, RunError } from '../domain/run.ts';

const FIRST_START = Date.parse('2026-03-01T12:00:00.000Z');

/** The id of the run with that number. Ids rise with their numbers. */
export function idOf(number: number): string {
  return `0195a000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** When the run with that number starts: a second after the one before. */
export function startOf(number: number): string {
  return new Date(FIRST_START + number * 1000).toISOString();
}

/** A small valid run: its number gives id, start and prompt; the fields given replace those. */
export function makeRun(number: number, fields: Partial<AgentRun> = {}): AgentRun {
  return normalizeRun({
    id: idOf(number),
    repository: 'acme/app',
    status: 'SUCCESS',
    startedAt: startOf(number),
    input: inputOf(`prompt number ${number}`),
    ...fields,
  });
}

/** So many small runs, numbered from 0. */
export function makeRuns(count: number, fields: Partial<AgentRun> = {}): AgentRun[] {
  return Array.from({ length: count }, (_, number) => makeRun(number, fields));
}

/** An input with that prompt and nothing else said. */
export function inputOf(prompt: string): AgentRun['input'] {
  return { prompt, diff: '', recentCommits: [], model: null, temperature: null };
}

/** An output with that message and nothing else said. */
export function outputOf(message: string): NonNullable<AgentRun['output']> {
  return { message, confidence: null, rawResponse: '', tokensUsed: null };
}

/** A failure that trying again can help. */
export const RECOVERABLE: RunError = {
  code: 'RATE_LIMIT',
  message: 'slow down',
  recoverable: true,
};

/** A failure that trying again cannot help. */
export const FINAL: RunError = { code: 'NO_ACCESS', message: 'not allowed', recoverable: false };
