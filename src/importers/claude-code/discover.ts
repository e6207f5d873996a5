import { isAbsolute, join, resolve } from 'node:path';
import type { ImportEnvironment, Transcript } from '../../repository/importer.ts';
import { transcriptsUnder } from '../reading/find-transcripts.ts';

/**
 * Session files and those of subagents under `projects`, in `CLAUDE_CONFIG_DIR` (several places are
 * parted by commas) where that is set, otherwise in `~/.claude` and `~/.config/claude`.
 */
export async function discover(environment: ImportEnvironment): Promise<Transcript[]> {
  const found = new Map<string, Transcript>();
  for (const folder of projectFolders(environment)) {
    for (const file of await filesIn(folder)) found.set(file.path, file);
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** All session files under a folder, by path. */
export async function filesIn(folder: string): Promise<Transcript[]> {
  return await transcriptsUnder(folder, ['**/*.jsonl']);
}

function projectFolders({ home, variables }: ImportEnvironment): string[] {
  const configured = (variables.CLAUDE_CONFIG_DIR ?? '').split(',').map((place) => place.trim());
  const places = configured.filter((place) => place !== '');
  const folders =
    places.length > 0
      ? places.map((place) => (isAbsolute(place) ? place : resolve(home, place)))
      : [join(home, '.claude'), join(home, '.config', 'claude')];
  return folders.map((folder) => join(folder, 'projects'));
}
