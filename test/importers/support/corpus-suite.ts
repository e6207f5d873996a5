import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { AgentRun } from '../../../src/domain/run.ts';
import type { Importer, Transcript } from '../../../src/repository/importer.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { corpusTest, HAS_CORPUS } from '../../corpus/corpus-test.ts';
import { importSource } from './import-source.ts';
import { importedBy } from './imported.ts';
import { countOf, type RunCount, usageOf } from './run-count.ts';

/** What runs hold, with what they cost as far as that is stated: millionths of a US dollar. */
export interface CostedCount extends RunCount {
  costMicroUsd: number;
}

/** What a folder of the corpus must give. */
export interface CorpusExpectation {
  folder: string;
  /** How many files are found in it. */
  files: number;
  runs: number;
  /** What is set aside, by the end of the file's path and the place. */
  setAside: string[];
  /** Counts the raw files of these paths, without the importer's code. */
  naive(paths: readonly string[]): CostedCount;
  /** Files that are counted together; each alone by default. */
  familyOf?(path: string): string;
}

/** Holds an importer to a naive count of each file of a folder, in any order and a second time. */
export function corpusSuite(importer: Importer, expected: CorpusExpectation): void {
  const folder = join(process.env.RUNLEDGER_CORPUS ?? '', expected.folder);
  const files = async () => (HAS_CORPUS ? await importer.filesIn(folder) : []);
  const pathsOf = (some: readonly Transcript[]) => some.map(({ path }) => path);

  describe(`the corpus of ${expected.folder}`, () => {
    corpusTest('is counted, file by file, as a naive reading counts it', async () => {
      const found = await files();
      expect(found).toHaveLength(expected.files);
      const familyOf = expected.familyOf ?? ((path: string) => path);
      for (const family of Map.groupBy(found, ({ path }) => familyOf(path)).values()) {
        const { runs } = await importedBy(importer, family);
        const first = family[0]?.path;
        expect(costedCount(runs), first).toEqual(expected.naive(pathsOf(family)));
        const steps = runs.flatMap(({ steps = [] }) => steps);
        expect(usageOf(steps.map(({ usage }) => usage)), first).toEqual(countOf(runs).usage);
      }
    });

    corpusTest('gives the same in any order, and is set aside where it must be', async () => {
      const found = await files();
      const { runs, setAside } = await importedBy(importer, found);
      expect(costedCount(runs)).toEqual(expected.naive(pathsOf(found)));
      expect((await importedBy(importer, found.toReversed())).runs).toEqual(runs);
      const places = setAside.map(({ origin, name }) => `${origin?.split('/').at(-1)} ${name}`);
      expect(places.sort()).toEqual(expected.setAside);
    });

    corpusTest('arrives in a store, is verified, and a second import changes nothing', async () => {
      const found = await files();
      const options = { origin: importer.name, now: Date.parse('2027-01-01T00:00:00Z') };
      const store = openMemoryStore();
      const first = await copyRuns(importSource(importer, found, options), store);
      const { runs } = expected;
      expect(first).toMatchObject({ read: runs, written: runs, verified: runs, differences: [] });
      const again = importSource(importer, found.toReversed(), options);
      expect(await copyRuns(again, store)).toMatchObject({ written: 0, unchanged: runs });
      await store.close();
    });
  });
}

function costedCount(runs: readonly AgentRun[]): CostedCount {
  const cost = runs.reduce((sum, { costMicroUsd = 0 }) => sum + costMicroUsd, 0);
  return { ...countOf(runs), costMicroUsd: cost };
}

/** A count of nothing, to add to. */
export function noCount(): CostedCount {
  return {
    runs: 0,
    steps: { model_call: 0, tool_call: 0, message: 0, event: 0 },
    usage: usageOf([]),
    costMicroUsd: 0,
  };
}
