import { expect, test } from 'vitest';
import { opencode } from '../../../src/importers/opencode/opencode.ts';
import { withAnyValues } from '../support/any-values.ts';
import { growsAsWritten } from '../support/growing.ts';
import { importedBy, placesOf, writtenFiles } from '../support/imported.ts';
import {
  assistant,
  asText,
  at,
  finish,
  imported,
  inMemory,
  ms,
  text,
  tool,
  user,
  type Value,
} from './storages.ts';

const line = (seconds: number, type: string, message: string, part: Value): Value => ({
  ...{ type, timestamp: ms(seconds), sessionID: 'ses_a' },
  part: { ...part, messageID: message, sessionID: 'ses_a' },
});

const OUTPUT = [
  line(1, 'step_start', 'm2', { type: 'step-start' }),
  line(2, 'tool_use', 'm2', tool('read', 1.5)),
  line(3, 'step_finish', 'm2', finish('tool-calls', 3)),
  line(4, 'step_start', 'm3', { type: 'step-start' }),
  line(5, 'text', 'm3', text('Done.')),
  line(6, 'step_finish', 'm3', finish('stop', 4)),
];

const failure = { type: 'error', timestamp: ms(7), sessionID: 'ses_a' };
const error = { ...failure, error: { name: 'APIError', data: { message: '529' } } };

const jsonl = (lines: readonly unknown[]) =>
  lines.map((each) => `${JSON.stringify(each)}\n`).join('');

test('what run prints is a run without its prompt', async () => {
  const { runs } = await imported({ 'shop/a.jsonl': jsonl(OUTPUT) });
  expect(runs).toMatchObject([
    {
      ...{ status: 'SUCCESS', sessionId: 'ses_a', startedAt: at(1), completedAt: at(6) },
      ...{ costMicroUsd: 70_000, source: { key: 'm2' }, metadata: { hasPrompt: false } },
      output: { message: 'Done.' },
      usage: { inputTokens: 20, outputTokens: 7 },
      steps: [{ kind: 'model_call' }, { kind: 'tool_call' }, { kind: 'model_call' }],
    },
  ]);
});

test('an error ends it, and an end that is not there is none', async () => {
  const { runs } = await imported({
    'a.jsonl': jsonl([...OUTPUT.slice(0, 3), error]),
    'b/b.jsonl': jsonl([{ ...error, sessionID: 'ses_b' }]),
    'c.jsonl': jsonl(
      OUTPUT.slice(0, 5).map((each) => ({
        ...each,
        part: { ...(each.part as Value), messageID: 'm9' },
      })),
    ),
  });
  const outcomes = runs.map(({ status, error: told }) => [status, told?.code, told?.message]);
  expect(outcomes.sort()).toEqual([
    ['FAILED', 'API_ERROR', '529'],
    ['FAILED', 'API_ERROR', '529'],
    ['FAILED', 'UNFINISHED', expect.any(String)],
  ]);
});

test('runs that were printed one after the other into one file are told apart', async () => {
  const next = OUTPUT.map((each) => {
    const { messageID, ...part } = each.part as Value;
    return { ...each, part: { ...part, messageID: `${messageID}b` } };
  });
  const { runs } = await imported({ 'a.jsonl': jsonl([...OUTPUT, ...next]) });
  expect(runs.map(({ source }) => source?.key).sort()).toEqual(['m2', 'm2b']);
});

test('what a storage or a longer copy has as well counts once', async () => {
  const copies = writtenFiles({ 'a.jsonl': jsonl(OUTPUT.slice(0, 3)), 'b.jsonl': jsonl(OUTPUT) });
  const { runs, links } = await importedBy(opencode, copies);
  expect(runs.map(({ usage }) => usage?.outputTokens)).toEqual([7]);
  expect([...links.values()]).toEqual([['session ses_a'], ['session ses_a']]);
  const storage = {
    ...user(1, 'Look'),
    ...assistant(2, 1, [tool('read', 1.5), finish('tool-calls', 3)]),
    ...assistant(3, 1, [text('Done.'), finish('stop', 4)]),
  };
  const both = await imported({ ...asText(storage), 'a.jsonl': jsonl(OUTPUT) });
  expect(both.runs.map(({ input, usage }) => [input.prompt, usage?.outputTokens])).toEqual([
    ['Look', 7],
  ]);
  expect(both.links.get('m1.json')).toEqual(['session ses_a']);
});

test('lines of which nothing can be made are told of', async () => {
  const lines = [...OUTPUT, { type: 'text' }, { type: 'surprise', sessionID: 'ses_a' }];
  const odd = line(9, 'text', 'm3', { type: 'tool' });
  const { setAside } = await imported({ 'a.jsonl': `${jsonl([...lines, odd])}// no\n{"type` });
  expect(placesOf(setAside)).toEqual({
    'a.jsonl': [7, 8, 9, 10, 11].map((number) => `line ${number}`),
  });
});

test('a file that grows is what it is when it is whole', async () => {
  expect(await growsAsWritten(opencode, { name: 'a.jsonl', text: jsonl(OUTPUT) })).toBe(1);
});

test('values of any kind in any member break nothing', async () => {
  const all = [...OUTPUT, error];
  const files = all.flatMap((each, index) =>
    [...withAnyValues(each)].map((odd, number) => [
      `${index}-${number}.jsonl`,
      jsonl(all.with(index, odd as Value)),
    ]),
  );
  const { runs, setAside } = await importedBy(opencode, inMemory(Object.fromEntries(files)));
  expect(setAside.length).toBeGreaterThan(0);
  expect(new Set(runs.map(({ id }) => id)).size).toBe(runs.length);
});
