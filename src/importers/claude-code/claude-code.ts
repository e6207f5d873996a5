import type { Importer } from '../../repository/importer.ts';
import { AGENT } from './agent.ts';
import { readSessions } from './read-sessions.ts';
import { filesIn, folders } from './session-files.ts';
import { groupOf } from './session-of-file.ts';

/** Claude Code's session files. `docs/importers/claude-code.md` says what becomes what. */
export const claudeCode: Importer = {
  name: AGENT,
  title: 'Claude Code',
  folders,
  filesIn,
  groupOf,
  read: readSessions,
};
