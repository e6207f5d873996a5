import { expect, test } from 'vitest';
import { codex } from '../../../src/importers/codex/codex.ts';
import { importedBy, writtenFiles } from '../support/imported.ts';

test('what codex exec --json prints is a run for each turn', async () => {
  const lines = [
    { type: 'thread.started', thread_id: 'thread' },
    { type: 'turn.started' },
    { type: 'item.completed', item: { type: 'reasoning', text: 'Hm.' } },
    { type: 'item.started', item: { type: 'command_execution', command: 'ls' } },
    {
      type: 'item.completed',
      item: { type: 'command_execution', command: 'ls', aggregated_output: 'no', exit_code: 2 },
    },
    { type: 'item.completed', item: { type: 'agent_message', text: 'Four.' } },
    {
      type: 'turn.completed',
      usage: { input_tokens: 9, cached_input_tokens: 4, output_tokens: 3 },
    },
    { type: 'turn.started' },
    { type: 'item.completed', item: { type: 'agent_message', text: 'Five.' } },
    {
      type: 'turn.completed',
      usage: { input_tokens: 29, cached_input_tokens: 4, output_tokens: 5 },
    },
    { type: 'turn.started' },
    { type: 'turn.failed', error: { message: 'no quota' } },
  ];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const { runs } = await importedBy(codex, writtenFiles({ 'out.jsonl': text }));
  expect(runs.map(({ status }) => status).sort()).toEqual(['FAILED', 'SUCCESS', 'SUCCESS']);
  // What is stated is the total of the thread.
  const second = runs.find(({ output }) => output?.message === 'Five.');
  expect(second?.usage).toMatchObject({ inputTokens: 20, cacheReadTokens: 0, outputTokens: 2 });
  const run = runs.find(({ output }) => output?.message === 'Four.');
  expect(run).toMatchObject({
    ...{ sessionId: 'thread', output: { message: 'Four.' } },
    usage: { inputTokens: 5, cacheReadTokens: 4, outputTokens: 3, reasoningTokens: null },
    metadata: { hasPrompt: false, startedAtFrom: 'file' },
  });
  expect(run?.steps?.map(({ kind, status }) => [kind, status])).toEqual([
    ['model_call', 'SUCCESS'],
    ['tool_call', 'FAILED'],
  ]);
});
