import type { JsonValue } from '../../domain/json.ts';
import { normalizeRun } from '../../domain/normalize-run.ts';
import type { AgentRun, RunStep } from '../../domain/run.ts';
import { idOf, inputOf, makeRun } from '../make-run.ts';
import type { Sample } from './sample.ts';
import { largeText } from './text-samples.ts';

/** Runs in the shape of a coding agent's session: hundreds of steps that repeat one another. */
export const CODING_SESSION_SAMPLES: readonly Sample[] = [
  { name: 'a coding session that succeeded', make: () => codingSession(1301, 120, 'SUCCESS') },
  { name: 'a coding session that failed', make: () => codingSession(1302, 60, 'FAILED') },
];

const LARGE_OUTPUT_TURN = 7;

/**
 * A run of so many turns, of three steps each: a model call whose input repeats the conversation so
 * far, the tool call that it asked for, and what the agent says about it. One tool answers 1 MB.
 */
function codingSession(number: number, turns: number, status: 'SUCCESS' | 'FAILED'): AgentRun {
  const prompt = 'Make the slow report fast, and add a test for it.';
  const conversation: JsonValue[] = [{ role: 'user', content: prompt }];
  const steps: RunStep[] = [];
  for (let turn = 0; turn < turns; turn += 1) steps.push(...stepsOf(turn, conversation));
  const last = steps.at(-1);
  if (last !== undefined && status === 'FAILED') last.status = 'FAILED';
  return normalizeRun({
    ...makeRun(number, { status, input: { ...inputOf(prompt), model: 'large-1' }, steps }),
    completedAt: startOfTurn(turns),
    duration: turns * TURN_MS,
    output: { message: 'The report reads one index now.', tokensUsed: turns * 1400 },
    ...(status === 'FAILED' && {
      error: { code: 'CONTEXT_FULL', message: 'the window is full', recoverable: true },
    }),
    agent: 'coder',
    sessionId: `session-${number}`,
    callerRunId: idOf(number - 1),
    workingDirectory: '/home/ann/report',
    branch: 'faster-report',
    usage: {
      inputTokens: turns * 120,
      cacheReadTokens: turns * 9000,
      cacheWrite5mTokens: turns * 300,
      cacheWrite1hTokens: null,
      outputTokens: turns * 80,
      reasoningTokens: turns * 40,
    },
    costMicroUsd: turns * 5120,
  });
}

const TURN_MS = 4200;

function startOfTurn(turn: number): string {
  return new Date(Date.parse('2026-03-03T08:00:00.000Z') + turn * TURN_MS).toISOString();
}

function stepsOf(turn: number, conversation: JsonValue[]): RunStep[] {
  const file = `src/report/part-${turn % 9}.ts`;
  const answer = [
    { type: 'text', text: `Turn ${turn}: I read ${file} before I change it.` },
    { type: 'tool_use', id: `call_${turn}`, name: 'read_file', input: { path: file } },
  ];
  const content =
    turn === LARGE_OUTPUT_TURN
      ? largeText(1e6)
      : `export const part${turn % 9} = ${'[1, 2, 3], '.repeat(40)};\n`;
  const started = startOfTurn(turn);
  const input = { system: SYSTEM_PROMPT, messages: [...conversation] };
  conversation.push({ role: 'assistant', content: answer });
  // The large answer is not repeated: agents cut it before they send it on.
  const result = {
    type: 'tool_result',
    tool_use_id: `call_${turn}`,
    content: content.slice(0, 120),
  };
  conversation.push({ role: 'user', content: [result] });
  return [
    {
      kind: 'model_call',
      model: 'large-1',
      status: 'SUCCESS',
      startedAt: started,
      duration: 2900 + (turn % 7) * 100,
      usage: {
        inputTokens: 120,
        cacheReadTokens: 300 * turn,
        cacheWrite5mTokens: 300,
        cacheWrite1hTokens: null,
        outputTokens: 80,
        reasoningTokens: turn % 3 === 0 ? null : 40,
      },
      input,
      output: answer,
    },
    {
      kind: 'tool_call',
      name: 'read_file',
      status: turn % 11 === 10 ? 'FAILED' : 'SUCCESS',
      startedAt: started,
      duration: turn % 5,
      input: { path: file },
      output: content,
      ...(turn % 11 === 10 && { error: { code: 'ENOENT', path: file } }),
    },
    { kind: 'message', name: 'assistant', output: `Turn ${turn}: ${file} is read.` },
  ];
}

const SYSTEM_PROMPT = 'You are a careful engineer. Read before you write. '.repeat(20);
