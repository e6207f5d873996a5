import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestOf } from '../../../src/domain/canonical.ts';
import { claudeCode } from '../../../src/importers/claude-code/claude-code.ts';
import type { Transcript } from '../../../src/repository/importer.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { corpusTest } from '../../corpus/corpus-test.ts';
import { runsOf } from '../../support/list-source.ts';
import { importSource } from '../support/import-source.ts';
import {
  assistant,
  jsonl,
  line,
  result,
  text,
  tool,
  user,
  WRITTEN,
  written,
} from './transcripts.ts';

const SIDE = { isSidechain: true };
const SESSION = jsonl([
  line(1, { type: 'mode', timestamp: undefined }),
  user(2, [text('<ide_opened_file>till.ts')], { timestamp: undefined }),
  user(3, 'Fix'),
  assistant(4, [text('I look.')], { id: 'm', usage: { output_tokens: 1 } }),
  assistant(5, [tool('t1', 'Task', { prompt: 'Look' })], { id: 'm', usage: { output_tokens: 5 } }),
  user(11, 'Look', { ...SIDE, parentUuid: null }),
  assistant(12, [text('Three.')], { id: 's', usage: { output_tokens: 2 } }, SIDE),
  user(6, [result('t1', 'Three.')]),
  assistant(7, [text('Done.')], { id: 'n', usage: { output_tokens: 3 } }),
  user(8, [text('<ide_selection>'), text('And this?')]),
  assistant(9, [text('A till.')], { id: 'o', usage: { output_tokens: 4 } }),
  user(21, [text('<ide_selection>')], { timestamp: '2026-05-04T11:00:08.000Z', parentUuid: null }),
  user(22, [text('And this?')], { timestamp: '2026-05-04T11:00:08.000Z' }),
  assistant(23, [text('A till.')], { id: 'o', usage: { output_tokens: 4 } }),
  user(24, '[Request interrupted by user]'),
]);

test('a session that was imported after each of its lines is what it is imported at once', async () => {
  await growsAsWritten(SESSION, 1);
});

corpusTest('so are sessions of the corpus', async () => {
  const { RUNLEDGER_CORPUS = '' } = process.env;
  const base = join(RUNLEDGER_CORPUS, 'claude-code-jsonl');
  const app = 'moredip__session-share/session-viewer/test/INTEGRATION/fixtures';
  await growsAsWritten(readFileSync(join(base, app, 'images-in-user-messages.jsonl'), 'utf8'), 1);
  const long = 'Mai0313__VibeCodingTracker/tests/fixtures/sessions/claude_code.jsonl';
  await growsAsWritten(readFileSync(join(base, long), 'utf8'), 7);
});

/** Imports a growing file, cut also inside its lines, and compares with the whole file in a new store. */
async function growsAsWritten(session: string, every: number): Promise<void> {
  const lines = session.split('\n');
  const [file] = written({ 'shop/session-a.jsonl': '' });
  if (file === undefined) return;
  const grown = openMemoryStore();
  for (let count = 1; count <= lines.length; count += every) {
    const next = lines[count] ?? '';
    await take(
      `${lines.slice(0, count).join('\n')}\n${next.slice(0, next.length / 2)}`,
      file,
      grown,
    );
  }
  await take(session, file, grown);
  const whole = openMemoryStore();
  await take(session, file, whole);
  expect(await digests(grown)).toEqual(await digests(whole));
  await grown.close();
  await whole.close();
}

async function take(session: string, file: Transcript, store: RunStore): Promise<void> {
  writeFileSync(file.path, session);
  const files = [{ ...file, size: Buffer.byteLength(session) }];
  const options = { origin: 'claude-code:test', now: WRITTEN + 60_000 };
  const source = importSource(claudeCode, files, options);
  const { differences } = await copyRuns(source, store);
  expect(differences).toEqual([]);
}

async function digests(store: RunStore): Promise<Record<string, string>> {
  const runs = await runsOf(store);
  expect(runs.length).toBeGreaterThan(2);
  return Object.fromEntries(runs.map((run) => [run.id, digestOf(run)]));
}
