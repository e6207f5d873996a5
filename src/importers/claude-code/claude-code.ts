import type { Importer } from '../importer.ts';
import { AGENT } from './agent.ts';
import { discover } from './discover.ts';
import { readSessions } from './read-sessions.ts';

/** Claude Code's session files. `docs/importers/claude-code.md` says what becomes what. */
export const claudeCode: Importer = {
  name: AGENT,
  title: 'Claude Code',
  discover,
  read: readSessions,
};
