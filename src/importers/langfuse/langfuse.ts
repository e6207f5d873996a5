import type { Importer } from '../../repository/importer.ts';
import { transcriptsUnder } from '../reading/find-transcripts.ts';
import { AGENT } from './agent.ts';
import { readExports } from './read-exports.ts';

/** Exports of Langfuse. `docs/importers/langfuse.md` says what becomes what. */
export const langfuse: Importer = {
  name: AGENT,
  title: 'Langfuse',
  // Exports lie wherever somebody put them; they are named by their path.
  folders: () => [],
  filesIn: (folder) => transcriptsUnder(folder, ['**/*.json', '**/*.jsonl', '**/*.ndjson']),
  read: readExports,
};
