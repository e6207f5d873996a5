import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { copilotCli } from '../../../src/importers/copilot-cli/copilot-cli.ts';
import { corpusTest } from '../../corpus/corpus-test.ts';
import { corpusSuite } from '../support/corpus-suite.ts';
import { growsAsWritten } from '../support/growing.ts';
import { naiveCount } from './naive-count.ts';

const folder = 'copilot-cli';
const runs = 7;

corpusSuite(copilotCli, { folder, files: 3, runs, setAside: [], naive: naiveCount });

corpusTest('sessions that grow are what they are when they are whole', async () => {
  const path = join(process.env.RUNLEDGER_CORPUS ?? '', folder);
  const counts: number[] = [];
  for (const file of await copilotCli.filesIn(path)) {
    const text = readFileSync(file.path, 'utf8');
    counts.push(await growsAsWritten(copilotCli, { name: 'a/events.jsonl', text }));
  }
  expect(counts).toEqual([1, 3, 3]);
});
