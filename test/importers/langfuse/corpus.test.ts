import { join } from 'node:path';
import { expect } from 'vitest';
import { langfuse } from '../../../src/importers/langfuse/langfuse.ts';
import { corpusTest } from '../../corpus/corpus-test.ts';
import { corpusSuite } from '../support/corpus-suite.ts';
import { importedBy } from '../support/imported.ts';
import { naiveCount } from './naive-count.ts';

const folder = 'langfuse-trace';

corpusSuite(langfuse, { folder, files: 8, runs: 8, setAside: [], naive: naiveCount });

corpusTest('what was asked and answered is found in what eight frameworks write', async () => {
  const path = join(process.env.RUNLEDGER_CORPUS ?? '', folder);
  const { runs } = await importedBy(langfuse, await langfuse.filesIn(path));
  const prompts = Object.fromEntries(
    runs.map(({ input, metadata }) => [metadata?.traceName, input.prompt]),
  );
  expect(prompts).toMatchObject({
    'autogen-chat-trace': "Say 'Hello World!'",
    'crewai-index-trace': expect.stringContaining('Define the HTML'),
    'invocation [hello_app]': 'hi',
    LangGraph: "Search the web for 'example' and summarize.",
    'llama-index-trace': 'What is Langfuse?',
    'ai.generateText': 'What is the weather like today in San Francisco?',
  });
  // One stops at the call of a tool, and says nothing.
  expect(runs.filter(({ output }) => output === undefined)).toHaveLength(1);
});
