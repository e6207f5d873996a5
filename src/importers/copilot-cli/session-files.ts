import { basename, join } from 'node:path';
import type { ImportEnvironment, Transcript } from '../../repository/importer.ts';
import { transcriptsUnder } from '../reading/find-transcripts.ts';

/** Where sessions lie, and where those of older versions do, in `COPILOT_HOME` or `~/.copilot`. */
export function folders({ home, variables }: ImportEnvironment): string[] {
  const root = variables.COPILOT_HOME || join(home, '.copilot');
  return [SESSIONS, OLD_SESSIONS].map((name) => join(root, name));
}

/**
 * The session files under a folder, by path. Where nothing is called as Copilot CLI does, every JSONL file
 * under it: sessions that were copied elsewhere.
 */
export async function filesIn(folder: string): Promise<Transcript[]> {
  const name = basename(folder);
  const found = await transcriptsUnder(folder, [
    ...['**/events.jsonl', `**/${SESSIONS}/*.jsonl`, `**/${OLD_SESSIONS}/*.json`],
    ...(name === SESSIONS ? ['*.jsonl'] : name === OLD_SESSIONS ? ['*.json'] : []),
  ]);
  return found.length > 0 ? found : await transcriptsUnder(folder, ['**/*.jsonl']);
}

const SESSIONS = 'session-state';
const OLD_SESSIONS = 'history-session-state';
