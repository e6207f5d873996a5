import { expect, test } from 'vitest';
import { discover } from '../../../src/importers/discover.ts';
import { otlp } from '../../../src/importers/otlp/otlp.ts';
import { growsAsWritten } from '../support/growing.ts';
import { importedBy, placesOf, WRITTEN, writtenFiles } from '../support/imported.ts';
import {
  agent,
  at,
  chat,
  document,
  imported,
  nanoseconds,
  type RawSpan,
  said,
  span,
  spanId,
  tool,
} from './traces.ts';

const SPANS = [
  span(1, 0, agent('till')),
  span(2, 1, chat(10, 4, said('How much?', 'Three.'))),
  span(3, 1, tool('sum')),
];
const DOCUMENT = JSON.stringify(document(SPANS));

test('a document, in one line or many, a document in each line, and lists of them are one', async () => {
  const one = await imported({ 'a.json': DOCUMENT });
  expect(one.runs).toMatchObject([{ steps: [{ kind: 'model_call' }, { kind: 'tool_call' }] }]);
  const pretty = JSON.stringify(document(SPANS), null, 2);
  const lines = SPANS.map((each) => JSON.stringify(document([each])));
  const forms = {
    'a.jsonl': DOCUMENT,
    'b.json': pretty,
    'c.json': lines.join('\n'),
    'd.ndjson': `\uFEFF${lines.join('\r\n')}\r\n`,
    'e.json': JSON.stringify([document(SPANS)], null, 1),
    'f.json': JSON.stringify({ trace: document(SPANS) }),
  };
  for (const [name, text] of Object.entries(forms)) {
    const { runs, setAside } = await imported({ [name]: text });
    expect(setAside).toEqual([]);
    expect(runs.map(({ source: _, ...run }) => run)).toEqual(
      one.runs.map(({ source: _, ...run }) => run),
    );
  }
});

test('a trace in several files is one, in any order, and each span counts once', async () => {
  const [first = {}, ...others] = SPANS;
  const bare = { ...first, attributes: [] };
  const files = writtenFiles({
    'a.json': JSON.stringify(document([bare, ...others])),
    'b.json': JSON.stringify(document([...SPANS, ...SPANS])),
    'c.json': JSON.stringify(document([bare, ...others])),
  });
  const { runs, links } = await importedBy(otlp, files);
  expect(runs).toMatchObject([{ usage: { inputTokens: 10 }, metadata: { agentName: 'till' } }]);
  expect(runs[0]?.steps).toHaveLength(2);
  expect((await importedBy(otlp, files.toReversed())).runs).toEqual(runs);
  for (const name of ['a.json', 'b.json', 'c.json']) {
    expect(links.get(name)).toEqual([`trace ${'f'.repeat(32)}`]);
  }
});

test('Tempo’s export says the same, with times as numbers', async () => {
  const exact = (fields: RawSpan) =>
    JSON.stringify({
      batches: [{ resource: {}, instrumentationLibrarySpans: [{ spans: [fields] }] }],
    }).replace(/"startTimeUnixNano":"(\d+)"/, '"startTimeUnixNano":$1');
  // The nearest double of the first lies in the next millisecond.
  const moment = '1777888800000999999';
  const text = exact(
    span(1, 0, chat(1, 1), { startTimeUnixNano: moment, kind: 'SPAN_KIND_CLIENT' }),
  );
  expect(new Date(Number(moment) / 1e6).toISOString()).toBe('2026-05-04T10:00:00.001Z');
  const { runs } = await imported({ 'tempo.json': text });
  expect(runs).toMatchObject([{ startedAt: at(0) }]);
});

test('Jaeger’s export says the same', async () => {
  const spans = SPANS.map((each, index) => ({
    ...{ traceID: 'F'.repeat(32), spanID: each.spanId, operationName: each.name, processID: 'p1' },
    references: index === 0 ? [] : [{ refType: 'CHILD_OF', spanID: spanId(1) }],
    startTime: Number(nanoseconds((index + 1) * 10).slice(0, -3)),
    duration: 5_000,
    tags: (each.attributes as { key: string; value: Record<string, unknown> }[]).map((tag) => ({
      key: tag.key,
      value: tag.value.intValue ? Number(tag.value.intValue) : tag.value.stringValue,
    })),
  }));
  const processes = { p1: { serviceName: 'till', tags: [] } };
  const trace = { data: [{ traceID: 'F', spans, processes }] };
  const { runs } = await imported({ 'jaeger.json': JSON.stringify(trace) });
  const same = await imported({ 'otlp.json': DOCUMENT });
  expect(runs.map(({ source: _, ...run }) => run)).toEqual(
    same.runs.map(({ source: _, ...run }) => run),
  );
  expect(runs[0]?.source?.key).toBe(same.runs[0]?.source?.key);
  spans[0]?.tags.push({ key: 'error', value: true as never });
  const failed = await imported({ 'jaeger.json': JSON.stringify(trace) });
  expect(failed.runs).toMatchObject([{ status: 'FAILED', statusSource: 'recorded' }]);
});

test('spans that hang on one that is not there wait for it while files are written', async () => {
  const [first = {}, ...others] = SPANS;
  const lines = [...others, first].map((each) => `${JSON.stringify(document([each]))}\n`).join('');
  expect(await growsAsWritten(otlp, { name: 'traces.jsonl', text: lines })).toBe(1);
  const files = { 'traces.json': JSON.stringify(document(others), null, 1) };
  const now = await imported(files, WRITTEN + 60_000);
  expect(now.runs).toEqual([]);
  expect(now.setAside).toMatchObject([
    { name: `span ${spanId(2)}`, reason: expect.stringContaining(spanId(1)) },
  ]);
  const later = await imported(files);
  expect(later.setAside).toEqual([]);
  expect(later.runs).toMatchObject([
    {
      ...{ source: { key: `${'f'.repeat(32)}:${spanId(1)}` }, status: 'FAILED' },
      ...{ startedAt: at(20), completedAt: at(35), error: { code: 'UNFINISHED' } },
    },
  ]);
});

test('spans that hang on each other in a ring are one run', async () => {
  const ring = [
    span(2, 3, chat(1, 1)),
    span(3, 4, {}),
    span(4, 2, tool('sum')),
    span(5, 4, chat(2, 1)),
  ];
  const { runs } = await imported({ 'a.json': JSON.stringify(document(ring)) });
  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({ startedAt: at(20), usage: { inputTokens: 3 } });
});

test('twenty thousand spans, each in the last, are read', async () => {
  const chain = Array.from({ length: 20_000 }, (_, index) => span(index + 1, index));
  const { runs } = await imported({
    'a.json': JSON.stringify(document([...chain, span(20_001, 20_000, chat(1, 1))])),
  });
  expect(runs).toMatchObject([{ usage: { inputTokens: 1 } }]);
});

test('what is no span is told of', async () => {
  const { runs, setAside } = await imported({
    'a.jsonl': `// comment\n${DOCUMENT}\n{"resourceMetrics":[]}\n[1]\n{"x":1}\n{"resourceSpans":[7,{"scopeSpans":[7,{"spans":[7,{"name":"x"}]}]}]}\n{"resourceSp`,
    'b.json': '{"data":[{"spans":[7,{"spanID":"1"}]}, 7]}',
    'c.json': '[7]',
    'd.json': '{"resourceSpans":[',
    'e.json': JSON.stringify(document([span(9, 0, agent('idle'))])),
  });
  expect(runs).toHaveLength(1);
  expect(placesOf(setAside)).toEqual({
    'a.jsonl': ['line 1', 'line 3', 'line 4', 'line 5', ...Array(4).fill('line 6'), 'line 7'],
    'b.json': ['line 1', 'line 1', 'line 1'],
    'c.json': ['file'],
    'd.json': ['file'],
    'e.json': ['line 1'],
  });
});

test('values of any kind in any member break nothing', async () => {
  const odd: unknown[] = [
    null,
    true,
    -1,
    1e300,
    'x',
    '9'.repeat(20),
    [],
    {},
    [null],
    [{}],
    { toString: 1 },
  ];
  const members = Object.keys(SPANS[0] ?? {}).concat('status', 'events');
  const files: Record<string, string> = {};
  for (const value of odd) {
    const spans = members.map((member) => ({ ...SPANS[1], [member]: value }));
    const valued = ['stringValue', 'intValue', 'arrayValue', 'kvlistValue'].flatMap((type) =>
      Object.keys({ ...agent('x'), ...chat(1, 1, said('a', 'b')), constructor: 1 }).map((key) =>
        span(20, 0, {}, { attributes: [{ key, value: { [type]: value } }] }),
      ),
    );
    for (const [index, each] of [...spans, ...valued].entries()) {
      files[`${odd.indexOf(value)}-${index}.json`] = JSON.stringify(document([...SPANS, each]));
    }
  }
  for (const file of writtenFiles(files)) {
    expect((await importedBy(otlp, [file])).runs.length).toBeGreaterThan(0);
  }
});

test('what is nested without end is left out', async () => {
  const nested = `${'{"arrayValue":{"values":['.repeat(20_000)}${']}}'.repeat(20_000)}`;
  const text = DOCUMENT.replace('{"stringValue":"sum"}', nested);
  expect(text).not.toBe(DOCUMENT);
  const { runs } = await imported({ 'a.json': text });
  expect(runs[0]?.steps).toMatchObject([{ kind: 'model_call' }, { name: 'span 3' }]);
});

test('nowhere on a machine does telemetry lie of itself', async () => {
  expect(await discover(otlp, { home: '/', variables: {} })).toEqual([]);
});
