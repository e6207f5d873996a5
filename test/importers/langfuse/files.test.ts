import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { langfuse } from '../../../src/importers/langfuse/langfuse.ts';
import { readsEach, withAnyLine } from '../support/any-values.ts';
import { growsAsWritten } from '../support/growing.ts';
import { importedBy, placesOf, writtenFiles } from '../support/imported.ts';
import { at, type Fields, generation, imported, observation, page, trace } from './traces.ts';

const OBSERVATIONS = [
  observation(1, 'SPAN', { input: 'Look', output: 'Done.' }),
  generation(2, { input: 10, output: 5 }),
];
const jsonl = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

test('a page, an answer of the API, lists, rows and a session say the same', async () => {
  const { runs } = await imported({ 'a.json': page(OBSERVATIONS) });
  const whole = { ...trace(), observations: OBSERVATIONS };
  const forms = {
    api: JSON.stringify(whole),
    list: JSON.stringify({ data: [whole], meta: { page: 1 } }),
    array: JSON.stringify([whole]),
    session: JSON.stringify({ id: 's', createdAt: at(0), traces: [whole] }),
    rows: JSON.stringify({ data: [{ ...trace(), observations: ['o1'] }, ...OBSERVATIONS] }),
  };
  for (const [form, text] of Object.entries(forms)) {
    const read = await imported({ 'a.json': text });
    expect(read.setAside, form).toEqual([]);
    expect(
      read.runs.map(({ id, usage, steps, input }) => ({ id, usage, steps, input })),
      form,
    ).toEqual(runs.map(({ id, usage, steps, input }) => ({ id, usage, steps, input })));
  }
});

test('exports to a bucket have traces and observations apart, under other names', async () => {
  const bucket = ({
    startTime,
    endTime,
    traceId,
    parentObservationId,
    usageDetails,
    totalCost,
    ...rest
  }: Fields) => ({
    ...{ ...rest, start_time: bare(startTime), end_time: bare(endTime), trace_id: traceId },
    ...{
      parent_observation_id: parentObservationId,
      usage_details: usageDetails,
      total_cost: totalCost,
    },
    ...{ session_id: 's', trace_name: 'shop' },
  });
  const bare = (time: unknown) => String(time).replace('T', ' ').replace('Z', '000');
  const files = writtenFiles({
    'observations/1.jsonl': jsonl([bucket(OBSERVATIONS[1] ?? {})]),
    'observations/2.jsonl': jsonl([bucket(OBSERVATIONS[0] ?? {})]),
    'scores/1.jsonl': jsonl([{ id: 'x', trace_id: 'trace-a', data_type: 'NUMERIC', value: 1 }]),
  });
  const { runs, setAside, links } = await importedBy(langfuse, files);
  expect(setAside).toEqual([]);
  expect(runs).toMatchObject([
    { startedAt: at(1), sessionId: 's', usage: { inputTokens: 10 }, costMicroUsd: 50_000 },
  ]);
  expect(runs[0]?.metadata?.traceName).toBe('shop');
  expect((await importedBy(langfuse, files.toReversed())).runs).toEqual(runs);
  expect(links.get('1.jsonl')).toEqual(links.get('2.jsonl'));
});

test('of what was exported twice the newest counts, of equals the one that says most', async () => {
  const open = { ...OBSERVATIONS[1], endTime: null, usageDetails: { input: 1 }, totalCost: 7 };
  const files = writtenFiles({
    'a.json': page([...OBSERVATIONS.slice(0, 1), open]),
    'b.json': page(OBSERVATIONS),
    'c.json': page([{ ...OBSERVATIONS[0], input: null, output: null }]),
  });
  for (const order of [files, files.toReversed()]) {
    const { runs } = await importedBy(langfuse, order);
    expect(runs).toMatchObject([{ usage: { inputTokens: 10 }, input: { prompt: 'Look' } }]);
  }
});

test('what is no export is told of, without its bytes', async () => {
  const { runs, setAside } = await imported({
    'a.json': '{"name":"shop","token":"secret"}',
    'b.json': '[]',
    'c.json': '{"trace":',
    'd.jsonl': `\ufeff${jsonl([trace()])}7\r\n${jsonl([{ id: 'x', traceId: 't' }])}{"id`,
    'e.json': '"text"',
  });
  expect(runs).toHaveLength(1);
  expect(placesOf(setAside)).toEqual({
    ...{ 'a.json': ['line 1'], 'b.json': ['file'], 'c.json': ['file'], 'e.json': ['file'] },
    'd.jsonl': ['line 2', 'line 3', 'line 4'],
  });
  expect(setAside.find(({ origin }) => origin?.endsWith('a.json'))?.bytes).toBeNull();
});

test('rows that grow are what they are when they are whole', async () => {
  const text = jsonl([trace(), ...OBSERVATIONS, { ...trace(), id: 'trace-b' }]);
  expect(await growsAsWritten(langfuse, { name: 'a.jsonl', text })).toBe(2);
});

test('values of any kind in any member break nothing', async () => {
  const whole = {
    trace: trace({ input: 'x', tags: ['a'] }),
    observations: [
      observation(1, 'SPAN', {
        input: { messages: [{ role: 'user', content: [{ text: 'Look' }] }] },
      }),
      generation(
        2,
        { input: 10, total: 10 },
        { costDetails: { total: 1 }, output: [{ text: 'a' }] },
      ),
    ],
  };
  await readsEach(langfuse, 'a.json', withAnyLine([whole]));
});

test('what is nested without end is told of', async () => {
  const deep = '['.repeat(50_000) + ']'.repeat(50_000);
  const within = (type: string) =>
    page([observation(1, type, { input: 'DEEP' }), observation(2, type, { input: 'DEEP' })]);
  const [prompt, step] = ['SPAN', 'TOOL'].map((type) => within(type).replaceAll('"DEEP"', deep));
  const { runs, setAside } = await imported({
    'a.json': prompt?.replace(/"o2"/, '"o1"') ?? '',
    'b.json': step?.replaceAll('trace-a', 'trace-b') ?? '',
  });
  expect(runs.map(({ input }) => input.prompt)).toEqual(['[nested too deeply]']);
  expect(placesOf(setAside)).toEqual({ 'b.json': ['file'] });
});

test('exports lie nowhere of themselves; a file that is gone is told of', async () => {
  expect(langfuse.folders({ home: '/home/ada', variables: {} })).toEqual([]);
  const files = writtenFiles({ 'a.json': page(OBSERVATIONS), 'b.json': '' });
  rmSync(files[1]?.path ?? '');
  const { runs, setAside } = await importedBy(langfuse, files);
  expect(runs).toHaveLength(1);
  expect(placesOf(setAside)).toEqual({ 'b.json': ['file'] });
});
