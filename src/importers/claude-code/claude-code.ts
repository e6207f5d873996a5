import type { Importer } from '../../repository/importer.ts';
import { AGENT } from './agent.ts';
import { discover, filesIn } from './discover.ts';
import { readSessions } from './read-sessions.ts';
import { groupOf } from './session-of-file.ts';

/** Claude Code's session files. `docs/importers/claude-code.md` says what becomes what. */
export const claudeCode: Importer = {
  name: AGENT,
  title: 'Claude Code',
  discover,
  filesIn,
  groupOf,
  read: readSessions,
};
