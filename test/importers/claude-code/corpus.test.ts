import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AgentRun, Usage } from '../../../src/domain/run.ts';
import { claudeCode } from '../../../src/importers/claude-code/claude-code.ts';
import { transcriptAt } from '../../../src/importers/reading/find-transcripts.ts';
import type { Transcript } from '../../../src/repository/importer.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { corpusTest, HAS_CORPUS } from '../../corpus/corpus-test.ts';
import { runsOf } from '../../support/list-source.ts';
import { importSource } from '../support/import-source.ts';
import { type NaiveCount, naiveCount } from './naive-count.ts';
import { imported } from './transcripts.ts';

const FOLDER = join(process.env.RUNLEDGER_CORPUS ?? '', 'claude-code-jsonl');
const PATHS = HAS_CORPUS
  ? readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jsonl'))
      .sort()
  : [];

describe('each session file of the corpus', () => {
  corpusTest('is among those that are read', async () => expect(PATHS).toHaveLength(45));

  test.for(PATHS)('%s is counted as a naive reading counts it', async (name) => {
    const path = join(FOLDER, name);
    const { runs } = await imported(await filesAt([path]));
    expect(countOf(runs)).toEqual(naiveCount([path]));
  });
});

describe('all session files of the corpus together', () => {
  const paths = PATHS.map((name) => join(FOLDER, name));

  corpusTest('hold what they hold without what stands in several, in any order', async () => {
    const files = await filesAt(paths);
    const { runs, setAside } = await imported(files);
    // Extracts lie after the sessions that they were taken from, which begin earlier.
    const isExtract = (path: string) => path.includes('/individual/');
    const ordered = [...paths.filter((path) => !isExtract(path)), ...paths.filter(isExtract)];
    expect(countOf(runs)).toEqual(naiveCount(ordered));
    expect(setAside).toHaveLength(12);
    const turned = await imported(files.toReversed());
    expect(turned.runs).toEqual(runs);
  });

  corpusTest('link subagents to the runs that started them', async () => {
    const { runs } = await imported(await filesAt(paths));
    const ids = new Set(runs.map(({ id }) => id));
    const called = runs.filter(({ callerRunId }) => callerRunId !== undefined);
    expect(called.every(({ callerRunId }) => ids.has(callerRunId ?? ''))).toBe(true);
    // Three lie there without the session that started them, one Task names neither agent nor
    // prompt, and one main file says of its own lines that they are a sidechain.
    const alone = runs.filter(({ metadata, callerRunId }) => metadata?.isSidechain && !callerRunId);
    expect([called.length, alone.length]).toEqual([10, 5]);
  });

  corpusTest('arrive in a store, are verified, and a second import changes nothing', async () => {
    const files = await filesAt(paths);
    const options = { origin: 'claude-code:corpus', now: Date.parse('2027-01-01T00:00:00Z') };
    const store = openMemoryStore();
    const first = await copyRuns(importSource(claudeCode, files, options), store);
    expect(first).toMatchObject({ read: 66, written: 66, verified: 66, differences: [] });
    expect(first.setAside).toHaveLength(12);
    const before = await store.position();
    const again = importSource(claudeCode, files.toReversed(), options);
    expect(await copyRuns(again, store)).toMatchObject({ read: 66, written: 0, unchanged: 66 });
    expect(await store.position()).toEqual(before);
    expect(await runsOf(store)).toHaveLength(66);
    await store.close();
  });
});

async function filesAt(paths: readonly string[]): Promise<Transcript[]> {
  const files = await Promise.all(paths.map(transcriptAt));
  return files.filter((file) => file !== null);
}

function countOf(runs: readonly AgentRun[]): NaiveCount {
  const steps = runs.flatMap((run) => run.steps ?? []);
  const sum = (part: keyof Usage) =>
    runs.reduce((total, { usage }) => total + (usage?.[part] ?? 0), 0);
  return {
    prompts: runs.filter(({ metadata }) => metadata?.hasPrompt !== false).length,
    runs: runs.length,
    modelCalls: steps.filter(({ kind }) => kind === 'model_call').length,
    toolCalls: steps.filter(({ kind }) => kind === 'tool_call').length,
    tokens: {
      input: sum('inputTokens'),
      cacheRead: sum('cacheReadTokens'),
      cacheWrite5m: sum('cacheWrite5mTokens'),
      cacheWrite1h: sum('cacheWrite1hTokens'),
      output: sum('outputTokens'),
    },
  };
}
