import { type Fields, objectIn, textIn } from '../reading/fields.ts';
import { folderName } from '../reading/folder-name.ts';

/** Where a session works: the folder that it was started in, and working trees that it made of it. */
export class SessionPlace {
  #root: string | undefined;
  readonly #worktrees = new Map<string, string>();

  take(line: Fields): void {
    this.#root ??= textIn(line, 'cwd');
    const worktree = objectIn(line, 'worktreeSession');
    const [path, origin] = [textIn(worktree, 'worktreePath'), textIn(worktree, 'originalCwd')];
    if (path !== undefined && origin !== undefined) this.#worktrees.set(path, origin);
  }

  /**
   * What the repository of a run is called: the name of the folder that a working tree was made of, of
   * the session's first folder where the run works inside it, or of its own. Undefined where no line
   * names a folder. 255 characters at most.
   */
  repositoryOf(cwd: string | undefined): string | undefined {
    const folder = cwd ?? this.#root;
    if (folder === undefined) return undefined;
    const origin = [...this.#worktrees].find(([path]) => isWithin(folder, path))?.[1];
    const inRoot = this.#root !== undefined && isWithin(folder, this.#root);
    return folderName(origin ?? (inRoot && this.#root ? this.#root : folder));
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`);
}
