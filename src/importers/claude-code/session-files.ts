import { isAbsolute, join, resolve } from 'node:path';
import type { ImportEnvironment, Transcript } from '../../repository/importer.ts';
import { transcriptsUnder } from '../reading/find-transcripts.ts';

/** All session files under a folder, and those of subagents, by path. */
export async function filesIn(folder: string): Promise<Transcript[]> {
  return await transcriptsUnder(folder, ['**/*.jsonl']);
}

/**
 * The `projects` in `CLAUDE_CONFIG_DIR` (several places are parted by commas) where that is set, otherwise
 * in `~/.claude` and `~/.config/claude`.
 */
export function folders({ home, variables }: ImportEnvironment): string[] {
  const configured = (variables.CLAUDE_CONFIG_DIR ?? '').split(',').map((place) => place.trim());
  const places = configured.filter((place) => place !== '');
  const roots =
    places.length > 0
      ? places.map((place) => (isAbsolute(place) ? place : resolve(home, place)))
      : [join(home, '.claude'), join(home, '.config', 'claude')];
  return roots.map((root) => join(root, 'projects'));
}
