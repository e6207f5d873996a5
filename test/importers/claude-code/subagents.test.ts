import { expect, test } from 'vitest';
import {
  assistant,
  at,
  imported,
  line,
  result,
  runsOf,
  text,
  tool,
  user,
  uuid,
  written,
} from './transcripts.ts';

const task = tool('task', 'Task', { prompt: 'Look for tills' });
const main = (...more: object[]) => [
  user(1, 'Fix'),
  assistant(2, [task], { id: 'm', usage: { output_tokens: 5 } }),
  ...more.map((each) => ({ ...each })),
];
const side = { isSidechain: true, agentId: 'a1', parentUuid: null };
const agentFile = [
  user(101, 'Look for tills, please', side),
  assistant(
    102,
    [text('Three.')],
    { id: 'x', usage: { output_tokens: 9 } },
    { ...side, parentUuid: uuid(101) },
  ),
];
const callers = async (files: Parameters<typeof written>[0]) => {
  const { runs } = await imported(written(files));
  const caller = runs.find(({ input }) => input.prompt === 'Fix');
  const called = runs.find(({ input }) => input.prompt.startsWith('Look'));
  expect(caller).not.toHaveProperty('callerRunId');
  return { runs, caller, called };
};

test('a subagent in a file of its own is a run, linked by the result of its Task', async () => {
  const end = user(3, [result('task', 'Three.')], {
    toolUseResult: { agentId: 'a1', totalTokens: 99 },
  });
  const { runs, caller, called } = await callers({
    'shop/session-a.jsonl': main(end),
    'shop/session-a/subagents/agent-a1.jsonl': agentFile,
  });
  expect(runs).toHaveLength(2);
  expect(called).toMatchObject({
    callerRunId: caller?.id,
    status: 'SUCCESS',
    sessionId: 'session-a',
  });
  expect(called?.metadata).toMatchObject({ agentId: 'a1', isSidechain: true });
  expect([caller?.usage?.outputTokens, called?.usage?.outputTokens]).toEqual([5, 9]);
});

test('or by the progress of its Task, whose usage does not count', async () => {
  const data = { type: 'agent_progress', agentId: 'a1', message: agentFile[1] };
  const progress = line(3, { type: 'progress', parentToolUseID: 'task', data });
  const { runs, caller, called } = await callers({
    'shop/session-a.jsonl': main(progress),
    'shop/session-a/subagents/workflows/w1/agent-a1.jsonl': agentFile,
  });
  expect(called?.callerRunId).toBe(caller?.id);
  expect(runs.map(({ usage }) => usage?.outputTokens).sort()).toEqual([5, 9]);
});

test('a subagent of a subagent is linked to that', async () => {
  const deep = { ...side, agentId: 'a2' };
  const { runs } = await imported(
    written({
      'shop/session-a/subagents/agent-a2.jsonl': [user(201, 'Deeper', deep)],
      'shop/session-a.jsonl': main(
        user(3, [result('task', 'x')], { toolUseResult: { agentId: 'a1' } }),
      ),
      'shop/session-a/subagents/agent-a1.jsonl': [
        user(101, 'Look', side),
        assistant(102, [tool('t9', 'Task', {})], { id: 'x' }, side),
        user(103, [result('t9', 'x')], { ...side, toolUseResult: { agentId: 'a2' } }),
      ],
    }),
  );
  const [first, second, third] = runs;
  expect([second?.callerRunId, third?.callerRunId]).toEqual([first?.id, second?.id]);
});

test('sidechains in the main file are runs, linked by the prompt of their Task', async () => {
  const own = { isSidechain: true };
  const runs = await runsOf(
    main(
      user(11, 'Look for tills', { ...own, parentUuid: null }),
      user(21, 'Nobody asked', { ...own, parentUuid: null }),
      assistant(12, [text('Three.')], { id: 'x', usage: { output_tokens: 9 } }, own),
      assistant(22, [text('Why?')], { id: 'y', usage: { output_tokens: 1 } }, own),
      assistant(3, [text('Done.')], { id: 'n', usage: { output_tokens: 2 } }),
    ),
  );
  const [fix, look, nobody] = runs;
  expect(runs.map(({ usage }) => usage?.outputTokens)).toEqual([7, 9, 1]);
  expect([look?.callerRunId, nobody?.callerRunId]).toEqual([fix?.id, undefined]);
});

test('the agent that compacts is linked to the run in which it did', async () => {
  const { caller, called } = await callers({
    'shop/session-a.jsonl': main(),
    'shop/session-a/subagents/agent-acompact-1.jsonl': [
      user(201, 'a reminder', {
        ...side,
        isMeta: true,
        parentUuid: uuid(2),
        agentId: 'acompact-1',
      }),
      user(202, 'Look back and sum up', { ...side, parentUuid: uuid(201), agentId: 'acompact-1' }),
    ],
  });
  expect(called?.callerRunId).toBe(caller?.id);
});

test('older versions put the files of subagents beside the session', async () => {
  const end = user(3, [result('task', 'x')], { toolUseResult: { agentId: 'a1' } });
  const { caller, called } = await callers({
    'shop/agent-a1.jsonl': agentFile,
    'shop/session-a.jsonl': main(end),
  });
  expect(called?.callerRunId).toBe(caller?.id);
});

test('a session is read before its subagents, also where a file of theirs begins earlier', async () => {
  const end = user(3, [result('task', 'x')], { toolUseResult: { agentId: 'a1' } });
  const early = line(100, { type: 'mode', timestamp: at(0) });
  const { caller, called } = await callers({
    'shop/session-a/subagents/agent-a1.jsonl': [early, ...agentFile],
    'shop/session-a.jsonl': main(end),
  });
  expect(called?.callerRunId).toBe(caller?.id);
});
