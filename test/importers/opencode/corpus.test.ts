import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { opencode } from '../../../src/importers/opencode/opencode.ts';
import { corpusTest } from '../../corpus/corpus-test.ts';
import { corpusSuite } from '../support/corpus-suite.ts';
import { growsAsWritten } from '../support/growing.ts';
import { naiveOutput, naiveStorage } from './naive-count.ts';

corpusSuite(opencode, {
  ...{ folder: 'opencode', files: 22, runs: 3, setAside: [], naive: naiveStorage },
  familyOf: (path) => opencode.groupOf?.(path) ?? path,
});

const OUTPUT = 'opencode-run-json';

corpusSuite(opencode, { folder: OUTPUT, files: 1, runs: 1, setAside: [], naive: naiveOutput });

corpusTest('what run prints is, as it grows, what it is when it is whole', async () => {
  const [file] = await opencode.filesIn(join(process.env.RUNLEDGER_CORPUS ?? '', OUTPUT));
  const text = readFileSync(file?.path ?? '', 'utf8');
  expect(await growsAsWritten(opencode, { name: 'out.jsonl', text })).toBe(1);
});
