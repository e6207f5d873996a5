import type { Importer } from '../../repository/importer.ts';
import { AGENT } from './agent.ts';
import { readSessions } from './read-sessions.ts';
import { filesIn, folders } from './session-files.ts';

/** The session files of GitHub Copilot CLI. `docs/importers/copilot-cli.md` says what becomes what. */
export const copilotCli: Importer = {
  name: AGENT,
  title: 'Copilot CLI',
  folders,
  filesIn,
  read: readSessions,
};
