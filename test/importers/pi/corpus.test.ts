import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { pi } from '../../../src/importers/pi/pi.ts';
import { corpusTest } from '../../corpus/corpus-test.ts';
import { corpusSuite } from '../support/corpus-suite.ts';
import { growsAsWritten } from '../support/growing.ts';
import { importedBy } from '../support/imported.ts';
import { naiveCount } from './naive-count.ts';

const FOLDER = join(process.env.RUNLEDGER_CORPUS ?? '', 'pi');

corpusSuite(pi, { folder: 'pi', files: 2, runs: 54, setAside: [], naive: naiveCount });

corpusTest(
  'the long session costs what its calls say, and three of its prompts steer',
  async () => {
    const { runs } = await importedBy(pi, await pi.filesIn(join(FOLDER, 'badlogic__pi-mono')));
    const cost = runs.reduce((sum, { costMicroUsd = 0 }) => sum + costMicroUsd, 0);
    expect((cost / 1e6).toFixed(2)).toBe('42.60');
    expect(runs).toHaveLength(55 - 3);
  },
);

corpusTest('a session that grows is what it is when it is whole', async () => {
  const [small] = await pi.filesIn(join(FOLDER, 'jazzyalex__agent-sessions'));
  const text = readFileSync(small?.path ?? '', 'utf8');
  expect(await growsAsWritten(pi, { name: 'small.jsonl', text })).toBe(2);
  const long = 'badlogic__pi-mono/packages/coding-agent/test/fixtures/before-compaction.jsonl';
  const every = 199;
  const session = readFileSync(join(FOLDER, long), 'utf8');
  expect(await growsAsWritten(pi, { name: 'long.jsonl', text: session, every })).toBe(52);
});
