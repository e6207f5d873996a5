import type { Importer } from '../../repository/importer.ts';
import { AGENT } from './agent.ts';
import { readSessions } from './read-sessions.ts';
import { filesIn, folders, groupOf } from './session-files.ts';

/** Gemini CLI's session files. `docs/importers/gemini-cli.md` says what becomes what. */
export const geminiCli: Importer = {
  name: AGENT,
  title: 'Gemini CLI',
  folders,
  filesIn,
  groupOf,
  read: readSessions,
};
