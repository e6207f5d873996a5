import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { otlp } from '../../../src/importers/otlp/otlp.ts';
import { transcriptAt } from '../../../src/importers/reading/find-transcripts.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { corpusTest, HAS_CORPUS } from '../../corpus/corpus-test.ts';
import { growsAsWritten } from '../support/growing.ts';
import { importSource } from '../support/import-source.ts';
import { importedBy } from '../support/imported.ts';
import { countOf, usageOf } from '../support/run-count.ts';
import { naiveCount } from './naive-count.ts';

const CORPUS = process.env.RUNLEDGER_CORPUS ?? '';
const FOLDERS = ['otlp-genai', 'jaeger-genai'];
const PATHS = HAS_CORPUS
  ? FOLDERS.flatMap((folder) =>
      readdirSync(join(CORPUS, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.jsonl?$/.test(name))
        .map((name) => join(folder, name)),
    ).sort()
  : [];

describe('each file of the corpus', () => {
  corpusTest('is among those that are read', async () => {
    expect(PATHS).toHaveLength(8);
    const found = await Promise.all(FOLDERS.map((name) => otlp.filesIn(join(CORPUS, name))));
    const names = found.flat().map(({ path }) => path.slice(CORPUS.length + 1));
    expect(names.sort()).toEqual(PATHS);
  });

  test.for(PATHS)('%s is counted as a naive reading counts it', async (name) => {
    const path = join(CORPUS, name);
    const file = await transcriptAt(path);
    const { runs, setAside } = await importedBy(otlp, file === null ? [] : [file]);
    expect(countOf(runs)).toEqual(naiveCount([path]));
    const usages = runs.flatMap(({ steps = [] }) => steps.map(({ usage }) => usage));
    expect(usageOf(usages)).toEqual(countOf(runs).usage);
    // The program that handed the prompt on has a span of its own, of which nothing hangs on.
    expect(setAside).toHaveLength(name.includes('tempo') ? 1 : 0);
    // Two real calls, each in three spans that repeat its tokens.
    if (name.includes('tempo')) expect(countOf(runs).usage.inputTokens).toBe(2_256 + 2_392);
  });
});

describe('all files of the corpus together', () => {
  corpusTest('arrive in a store in any order, and a second import changes nothing', async () => {
    const found = await Promise.all(FOLDERS.map((name) => otlp.filesIn(join(CORPUS, name))));
    const files = found.flat();
    const { runs } = await importedBy(otlp, files);
    expect(countOf(runs)).toEqual(naiveCount(files.map(({ path }) => path)));
    expect(runs.map(({ status }) => status)).toEqual(Array(9).fill('SUCCESS'));
    const turned = files.toReversed();
    expect((await importedBy(otlp, turned)).runs).toEqual(runs);
    const options = { origin: 'otlp:corpus', now: Date.parse('2027-01-01T00:00:00Z') };
    const store = openMemoryStore();
    const first = await copyRuns(importSource(otlp, files, options), store);
    expect(first).toMatchObject({ read: 9, written: 9, verified: 9, differences: [] });
    const again = await copyRuns(importSource(otlp, turned, options), store);
    expect(again).toMatchObject({ written: 0, unchanged: 9 });
    await store.close();
  });

  corpusTest('grow line by line into what they are', async () => {
    for (const path of PATHS.filter((name) => name.endsWith('.jsonl'))) {
      const text = readFileSync(join(CORPUS, path), 'utf8');
      expect(await growsAsWritten(otlp, { name: 'traces.jsonl', text })).toBe(1);
    }
  });
});
