import { basename, dirname, join } from 'node:path';
import type { ImportEnvironment, Transcript } from '../../repository/importer.ts';
import { transcriptsUnder } from '../reading/find-transcripts.ts';

/** `.gemini/tmp` in `GEMINI_CLI_HOME` where that is set, otherwise in the home folder. */
export function folders({ home, variables }: ImportEnvironment): string[] {
  return [join(variables.GEMINI_CLI_HOME || home, '.gemini', 'tmp')];
}

/**
 * What lies in folders named `chats` under a folder, by path. Where there is none, every JSON file under
 * it: sessions that were copied elsewhere. So settings that lie beside sessions are never looked at.
 */
export async function filesIn(folder: string): Promise<Transcript[]> {
  const sessions = await sessionsUnder(folder);
  return sessions.length > 0
    ? sessions
    : await transcriptsUnder(folder, ['**/*.json', '**/*.jsonl']);
}

/**
 * The session that a file belongs to. Files of sessions end in the first eight characters of its id;
 * files of its subagents lie in a folder that is called by the whole.
 */
export function groupOf(path: string): string {
  const folder = dirname(path);
  const [, start] = /-([^-.]+)\.jsonl?$/.exec(basename(path)) ?? [];
  if (basename(folder) !== CHATS && basename(dirname(folder)) === CHATS) {
    return join(dirname(folder), basename(folder).slice(0, 8));
  }
  return join(folder, start ?? basename(path));
}

const CHATS = 'chats';

async function sessionsUnder(folder: string): Promise<Transcript[]> {
  const inChats = basename(folder) === CHATS ? ['**/'] : [];
  const places = [`**/${CHATS}/**/`, ...inChats];
  return await transcriptsUnder(
    folder,
    places.flatMap((each) => [`${each}*.json`, `${each}*.jsonl`]),
  );
}
