import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { geminiCli } from '../../../src/importers/gemini-cli/gemini-cli.ts';
import { transcriptAt } from '../../../src/importers/reading/find-transcripts.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { corpusTest, HAS_CORPUS } from '../../corpus/corpus-test.ts';
import { importSource } from '../support/import-source.ts';
import { importedBy } from '../support/imported.ts';
import { countOf, usageOf } from '../support/run-count.ts';
import { naiveCount } from './naive-count.ts';

const FOLDER = join(process.env.RUNLEDGER_CORPUS ?? '', 'gemini-cli');
const PATHS = HAS_CORPUS
  ? readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.jsonl?$/.test(name))
      .sort()
  : [];

describe('each session file of the corpus', () => {
  corpusTest('is among those that are read', async () => {
    expect(PATHS).toHaveLength(16);
    const found = await geminiCli.filesIn(FOLDER);
    expect(found.map(({ path }) => path)).toEqual(PATHS.map((name) => join(FOLDER, name)).sort());
  });

  test.for(PATHS)('%s is counted as a naive reading counts it', async (name) => {
    const path = join(FOLDER, name);
    const file = await transcriptAt(path);
    const { runs, setAside } = await importedBy(geminiCli, file === null ? [] : [file]);
    expect(countOf(runs)).toEqual(naiveCount([path]));
    expect(setAside).toHaveLength(name.endsWith('schema_drift.json') ? 1 : 0);
    const usages = runs.flatMap(({ steps = [] }) => steps.map(({ usage }) => usage));
    expect(usageOf(usages)).toEqual(countOf(runs).usage);
  });
});

describe('all session files of the corpus together', () => {
  corpusTest('hold messages that stand in several once, in any order', async () => {
    const files = await geminiCli.filesIn(FOLDER);
    const { runs } = await importedBy(geminiCli, files);
    expect(countOf(runs)).toEqual(naiveCount(files.map(({ path }) => path)));
    // Half of the files are single messages of one session.
    expect(new Set(runs.map(({ source }) => source?.location)).size).toBe(8);
    const turned = await importedBy(geminiCli, files.toReversed());
    expect(turned.runs).toEqual(runs);
  });

  corpusTest('arrive in a store, are verified, and a second import changes nothing', async () => {
    const files = await geminiCli.filesIn(FOLDER);
    const options = { origin: 'gemini-cli:corpus', now: Date.parse('2027-01-01T00:00:00Z') };
    const store = openMemoryStore();
    const first = await copyRuns(importSource(geminiCli, files, options), store);
    expect(first).toMatchObject({ read: 12, written: 12, verified: 12, differences: [] });
    const again = importSource(geminiCli, files.toReversed(), options);
    expect(await copyRuns(again, store)).toMatchObject({ written: 0, unchanged: 12 });
    await store.close();
  });
});
