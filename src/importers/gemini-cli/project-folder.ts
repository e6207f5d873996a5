import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { isPlainObject } from '../../domain/json.ts';
import type { Fields } from '../reading/fields.ts';
import { listIn, objectIn } from '../reading/fields.ts';
import { folderName } from '../reading/folder-name.ts';

/**
 * The folder that a session works in. Sessions name it by its hash alone (SHA-256 of the path); the paths
 * that tools were given tell which folder it is.
 */
export class ProjectFolder {
  /** Absolute; undefined as long as no tool was given a path in it. */
  path: string | undefined;
  readonly hash: string | undefined;
  readonly #file: string;
  readonly #tried = new Set<string>();

  constructor(hash: string | undefined, file: string) {
    this.hash = hash;
    this.#file = file;
  }

  take(message: Fields): void {
    if (this.hash === undefined || this.path !== undefined) return;
    for (const tool of listIn(message, 'toolCalls').filter(isPlainObject)) {
      const shown = objectIn(tool, 'resultDisplay').filePath;
      for (const value of [...Object.values(objectIn(tool, 'args')), shown]) this.#try(value);
    }
  }

  /** What the repository is called. Without a known folder, what Gemini CLI calls the project. */
  get repository(): string {
    const { path } = this;
    if (path !== undefined) return folderName(path);
    const folder = /([^\\/]+)[\\/]chats[\\/]/.exec(this.#file)?.[1] ?? '';
    const name = HASH.test(folder) || folder === '' ? this.hash : folder;
    return folderName(name ?? (basename(dirname(this.#file)) || 'unknown'));
  }

  /** Tries a path and each folder that it lies in. */
  #try(value: unknown): void {
    if (typeof value !== 'string' || value.length > MAX_PATH || !ABSOLUTE.test(value)) return;
    for (let path = value; path !== ''; path = path.slice(0, Math.max(0, lastSeparator(path)))) {
      if (this.#tried.has(path)) return;
      this.#tried.add(path);
      if (createHash('sha256').update(path).digest('hex') === this.hash) this.path = path;
    }
  }
}

const MAX_PATH = 4096;
const ABSOLUTE = /^([\\/]|[A-Za-z]:[\\/])/;
const HASH = /^[0-9a-f]{64}$/;

function lastSeparator(path: string): number {
  return Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
}
