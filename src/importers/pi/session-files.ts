import { join, resolve } from 'node:path';
import type { ImportEnvironment, Transcript } from '../../repository/importer.ts';
import { transcriptsUnder } from '../reading/find-transcripts.ts';

/**
 * `PI_CODING_AGENT_SESSION_DIR` where that is set, otherwise `sessions` in `PI_CODING_AGENT_DIR`, otherwise
 * in `~/.pi/agent`. A leading `~` is the home folder.
 */
export function folders({ home, variables }: ImportEnvironment): string[] {
  const placeOf = (name: string) => {
    const value = variables[name] ?? '';
    return value === '' ? undefined : resolve(home, value.replace(/^~(?=$|[\\/])/, home));
  };
  const agent = placeOf('PI_CODING_AGENT_DIR') ?? join(home, '.pi', 'agent');
  return [placeOf('PI_CODING_AGENT_SESSION_DIR') ?? join(agent, 'sessions')];
}

/** All session files under a folder, by path. */
export async function filesIn(folder: string): Promise<Transcript[]> {
  return await transcriptsUnder(folder, ['**/*.jsonl']);
}
