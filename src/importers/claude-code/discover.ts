import { glob, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { RunledgerError } from '../../repository/errors.ts';
import type { ImportEnvironment, TranscriptFile } from '../importer.ts';

/**
 * Session files and those of subagents under `projects`, in `CLAUDE_CONFIG_DIR` (several places are
 * parted by commas) where that is set, otherwise in `~/.claude` and `~/.config/claude`. By path; a file
 * that goes meanwhile is left out.
 */
export async function discover(environment: ImportEnvironment): Promise<TranscriptFile[]> {
  const found = new Map<string, TranscriptFile>();
  for (const folder of projectFolders(environment)) {
    for (const path of await transcriptsIn(folder)) {
      const file = await fileAt(path);
      if (file !== null) found.set(path, file);
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
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

async function transcriptsIn(folder: string): Promise<string[]> {
  if ((await statOf(folder)) === null) return [];
  try {
    const names = await Array.fromAsync(glob('**/*.jsonl', { cwd: folder }));
    return names.map((name) => join(folder, name));
  } catch (cause) {
    throw new RunledgerError('STORE_FAILED', `The folder ${folder} cannot be read.`, { cause });
  }
}

/** A file as importers are given it; null where there is none. */
export async function fileAt(path: string): Promise<TranscriptFile | null> {
  const stats = await statOf(path);
  if (stats === null || !stats.isFile()) return null;
  return { path, size: stats.size, modifiedAt: Math.trunc(stats.mtimeMs) };
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return null;
    throw new RunledgerError('STORE_FAILED', `${path} cannot be looked at.`, { cause });
  }
}
