import { hash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The hash of every file in a folder and those below it, by name: what tells any change there. */
export function hashFolder(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const hashOf = (name: string) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? 'a folder' : hash('sha256', readFileSync(path));
  };
  return Object.fromEntries(names.map((name) => [name, hashOf(name)]));
}
