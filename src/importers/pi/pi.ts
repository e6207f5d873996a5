import type { Importer } from '../../repository/importer.ts';
import { AGENT } from './agent.ts';
import { readSessions } from './read-sessions.ts';
import { filesIn, folders } from './session-files.ts';

/** The session files of pi. `docs/importers/pi.md` says what becomes what. */
export const pi: Importer = {
  name: AGENT,
  title: 'pi',
  folders,
  filesIn,
  read: readSessions,
};
