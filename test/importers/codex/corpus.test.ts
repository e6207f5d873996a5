import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codex } from '../../../src/importers/codex/codex.ts';
import { transcriptAt } from '../../../src/importers/reading/find-transcripts.ts';
import type { Transcript } from '../../../src/repository/importer.ts';
import { importFiles } from '../../../src/services/import/import-files.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { corpusTest, HAS_CORPUS } from '../../corpus/corpus-test.ts';
import { digestsIn } from '../../import/support/history.ts';
import { importedBy } from '../support/imported.ts';
import { countOf } from '../support/run-count.ts';
import { naiveCount } from './naive-count.ts';

const CORPUS = process.env.RUNLEDGER_CORPUS ?? '';
const ROLLOUTS = HAS_CORPUS ? globSync('codex-rollout/**/*.jsonl', { cwd: CORPUS }).sort() : [];
const EXEC = HAS_CORPUS
  ? globSync('codex-exec-json/**/.agent/**/*.jsonl', { cwd: CORPUS }).sort()
  : [];

async function filesAt(names: readonly string[]): Promise<Transcript[]> {
  const files = await Promise.all(names.map((name) => transcriptAt(join(CORPUS, name))));
  return files.filter((file) => file !== null);
}

describe('each file of the corpus', () => {
  corpusTest('is among those that are read', async () => {
    expect([ROLLOUTS.length, EXEC.length]).toEqual([27, 4]);
  });

  test.for([...ROLLOUTS, ...EXEC])('%s is counted as a naive reading counts it', async (name) => {
    const { runs, setAside } = await importedBy(codex, await filesAt([name]));
    const { runs: count, steps, usage } = countOf(runs);
    const found = { runs: count, modelCalls: steps.model_call, toolCalls: steps.tool_call, usage };
    expect(found).toEqual(naiveCount(join(CORPUS, name)));
    expect(setAside).toEqual([]);
  });
});

describe('all files of the corpus together', () => {
  corpusTest('are the same in any order, and a second import changes nothing', async () => {
    const files = await filesAt([...ROLLOUTS, ...EXEC]);
    const options = { look: transcriptAt, now: Date.parse('2027-01-01T00:00:00Z') };
    const store = openMemoryStore();
    const first = await importFiles(codex, files, store, { ...options, verify: 'full' });
    expect(first).toMatchObject({ files: 31, differences: [], setAside: [] });
    expect(first.written).toBe(first.read);
    const again = await importFiles(codex, files, store, { ...options, again: true });
    expect(again).toMatchObject({ written: 0, unchanged: first.read });
    const turned = openMemoryStore();
    for (const file of files.toReversed()) await importFiles(codex, [file], turned, options);
    expect(await digestsIn(turned)).toEqual(await digestsIn(store));
  });
});
