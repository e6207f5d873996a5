import { basename, join } from 'node:path';
import type { ImportEnvironment, Transcript } from '../../repository/importer.ts';
import { transcriptsUnder } from '../reading/find-transcripts.ts';

/** `sessions` and `archived_sessions` in `CODEX_HOME` where that is set, otherwise in `~/.codex`. */
export function folders({ home, variables }: ImportEnvironment): string[] {
  const root = variables.CODEX_HOME || join(home, '.codex');
  return [join(root, 'sessions'), join(root, 'archived_sessions')];
}

const PACKED = /\.zst$/;

/** Rollouts under a folder, by path. Where one lies there plain and packed, the plain one alone. */
export async function filesIn(folder: string): Promise<Transcript[]> {
  const files = await transcriptsUnder(folder, ['**/*.jsonl', '**/*.jsonl.zst']);
  const plain = new Set(files.map(({ path }) => path).filter((path) => !PACKED.test(path)));
  return files.filter(({ path }) => !PACKED.test(path) || !plain.has(path.replace(PACKED, '')));
}

/** What a session is called whose lines do not say: the id at the end of the file's name, or that name. */
export function sessionOfFile({ path }: Transcript): string {
  const name = basename(path).replace(/\.jsonl(\.zst)?$/, '');
  return /^rollout-.*-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(name)?.[1] ?? name;
}
