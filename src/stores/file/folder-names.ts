import { randomBytes, randomUUID } from 'node:crypto';
import { basename, dirname } from 'node:path';

/** Ours: what a file store keeps beside the runs. */
export const OWN_FOLDER = '.runledger';
/** In it, the database that the runs are looked up in. */
export const INDEX_FILE = 'index.db';
/** In it, what is kept of files that runs were imported from: unlike the index it cannot be made anew. */
export const SOURCES_FILE = 'sources.db';
/** In it, what a process holds while it changes the folder. */
export const LOCK_FILE = 'lock.db';

/** What the names end in of what stood under the name of a run and was no run. */
export const PUT_ASIDE = '.put-aside';

const NAMED_BY_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.json$/;
const TEMPORARY = /^\.[0-9a-f-]{36}\.[0-9a-f-]{36}\.runledger-tmp$/;

/** The folder of runs in whose own folder this absolute path lies; null for one that lies in none. */
export function folderAround(path: string): string | null {
  for (let at = path; at !== dirname(at); at = dirname(at)) {
    if (basename(at) === OWN_FOLDER) return dirname(at);
  }
  return null;
}

/** The name of the file of a run. */
export function runFileName(id: string): string {
  return `${id}.json`;
}

/** True for the name of the file of some run. */
export function isRunFileName(name: string): boolean {
  return NAMED_BY_ID.test(name);
}

/** A name that no file has yet, for a run whose own name another run's file has. */
export function otherRunFileName(id: string): string {
  return `${id}.${randomBytes(4).toString('hex')}.json`;
}

/** The id that the name of a run's file is made of. */
export function runIdOfFile(name: string): string {
  return name.slice(0, -'.json'.length);
}

/** A name that no file has yet, for the file of a run until it is whole. */
export function temporaryName(id: string): string {
  return `.${id}.${randomUUID()}.runledger-tmp`;
}

/** True for such a name: no entry of the folder, and nobody's but ours. */
export function isTemporaryName(name: string): boolean {
  return name.startsWith('.') && TEMPORARY.test(name);
}
