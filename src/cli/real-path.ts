import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** An absolute path with the links in it followed, as far as that is there. */
export function realPathOf(path: string): string {
  const names: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    try {
      return join(realpathSync(at), ...names);
    } catch {
      // Not there yet; whatever else is in the way, opening it tells.
      if (at === dirname(at)) return path;
      names.unshift(basename(at));
    }
  }
}

/** Whether a path is that of a folder. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
