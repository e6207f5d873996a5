import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The SHA-256 of each file in a folder, by name. */
export function hashFolder(folder: string): Record<string, string> {
  const hashOf = (name: string) => hash('sha256', readFileSync(join(folder, name)));
  return Object.fromEntries(readdirSync(folder).map((name) => [name, hashOf(name)]));
}
