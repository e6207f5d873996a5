import type { Importer } from '../../repository/importer.ts';
import { transcriptsUnder } from '../reading/find-transcripts.ts';
import { AGENT } from './agent.ts';
import { readTelemetry } from './read-telemetry.ts';

/** Traces of agents, as OTLP, Tempo and Jaeger write them. `docs/importers/otlp.md` says what becomes what. */
export const otlp: Importer = {
  name: AGENT,
  title: 'OpenTelemetry GenAI',
  // Exports lie wherever somebody put them; they are named by their path.
  folders: () => [],
  filesIn: (folder) => transcriptsUnder(folder, ['**/*.json', '**/*.jsonl', '**/*.ndjson']),
  read: readTelemetry,
};
