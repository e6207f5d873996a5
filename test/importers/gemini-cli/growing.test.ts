import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { geminiCli } from '../../../src/importers/gemini-cli/gemini-cli.ts';
import { corpusTest } from '../../corpus/corpus-test.ts';
import { growsAsWritten } from '../support/growing.ts';
import { gemini, head, jsonl, message, tokens, tool } from './sessions.ts';

const SESSION = jsonl([
  head(),
  message(1, 'info', 'Update available.'),
  message(2, 'user', [{ text: 'Read till.ts' }], { timestamp: undefined }),
  gemini(3, '', tokens(10, 2)),
  { $set: { lastUpdated: 'later' } },
  gemini(3, '', { ...tokens(10, 2), toolCalls: [tool('executing')] }),
  gemini(3, '', { ...tokens(10, 2), toolCalls: [tool('success')] }),
  gemini(4, 'Done.', tokens(20, 3)),
  message(5, 'user', [{ text: 'And this?' }]),
  message(6, 'error', 'No connection.'),
  message(7, 'user', [{ text: 'Again' }]),
  { $rewindTo: '5' },
  gemini(8, 'A till.', tokens(5, 1)),
  message(9, 'user', [{ text: 'Thanks' }]),
]);

test('a session that was imported after each of its lines is what it is imported at once', async () => {
  expect(await growsAsWritten(geminiCli, { name: 'session-a.jsonl', text: SESSION })).toBe(4);
});

corpusTest('so is the session of the corpus', async () => {
  const path = 'gemini-cli/Mai0313__VibeCodingTracker/tests/fixtures/sessions/gemini.jsonl';
  const text = readFileSync(join(process.env.RUNLEDGER_CORPUS ?? '', path), 'utf8');
  expect(await growsAsWritten(geminiCli, { name: 'session-a.jsonl', text })).toBe(2);
});
