import type { Importer } from '../importer.ts';
import { AGENT } from './agent.ts';
import { discover, filesIn, groupOf } from './discover.ts';
import { readSessions } from './read-sessions.ts';

/** Gemini CLI's session files. `docs/importers/gemini-cli.md` says what becomes what. */
export const geminiCli: Importer = {
  name: AGENT,
  title: 'Gemini CLI',
  discover,
  filesIn,
  groupOf,
  read: readSessions,
};
