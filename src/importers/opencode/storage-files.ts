import { join } from 'node:path';
import type { ImportEnvironment, Transcript } from '../../repository/importer.ts';
import { transcriptsUnder } from '../reading/find-transcripts.ts';

/** `opencode` in `XDG_DATA_HOME` where that is set, otherwise in `~/.local/share`. */
export function folders({ home, variables }: ImportEnvironment): string[] {
  return [join(variables.XDG_DATA_HOME || join(home, '.local', 'share'), 'opencode')];
}

/**
 * opencode's own places in its data folder, which holds working trees and snapshots of repositories beside
 * them. In any other folder, what looks like a storage at any depth, and what `run` printed.
 */
export async function filesIn(folder: string): Promise<Transcript[]> {
  const own = await transcriptsUnder(folder, [
    'opencode*.db',
    ...STORED.map((pattern) => `storage/${pattern}`),
    'project/*/storage/session/**/*.json',
  ]);
  if (own.length > 0) return own;
  const anywhere = [...STORED, 'opencode*.db', '*.jsonl'].map((pattern) => `**/${pattern}`);
  return await transcriptsUnder(folder, anywhere);
}

const STORED = ['session/*/*.json', 'message/*/*.json', 'part/**/*.json'];

/** What a file of a storage is, as far as its path tells. */
export type StoredPlace = { root: string } & (
  | { kind: 'session' }
  | { kind: 'message'; session: string }
  /** The oldest storages have all parts in one folder: the message stands in the part alone. */
  | { kind: 'part'; message: string | undefined }
);

/** Undefined for a file that is none of a storage. */
export function storedPlace(path: string): StoredPlace | undefined {
  const parts = path.split(/[\\/]/);
  if (!path.endsWith('.json')) return undefined;
  const [top, grand, folder] = [parts.at(-4), parts.at(-3), parts.at(-2)];
  const rootAbove = (levels: number) => dataFolder(parts.slice(0, -levels));
  if (grand === 'message') return { kind: 'message', session: folder ?? '', root: rootAbove(3) };
  if (grand === 'part') return { kind: 'part', message: folder, root: rootAbove(3) };
  if (top === 'part') return { kind: 'part', message: folder, root: rootAbove(4) };
  if (folder === 'part') return { kind: 'part', message: undefined, root: rootAbove(2) };
  return grand === 'session' ? { kind: 'session', root: rootAbove(3) } : undefined;
}

/** The folder that a storage is of: a message and its parts have nothing else in common in their paths. */
export function groupOf(path: string): string {
  return storedPlace(path)?.root ?? path;
}

/** Storages were moved from `project/<name>/storage/session` to `storage`, and copied on the way. */
function dataFolder(parts: readonly string[]): string {
  return parts
    .join('/')
    .replace(/\/session$/, '')
    .replace(/(?:\/project\/[^/]+)?\/storage$/, '');
}
