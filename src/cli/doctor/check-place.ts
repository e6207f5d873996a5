import type { StoreConfiguration } from '../../config/store-configuration.ts';
import { type PostgresTarget, readStoreTarget } from '../../config/store-target.ts';
import { callOnStore } from '../how-to-call.ts';
import { nameOfStore } from '../name-of-store.ts';
import type { Check } from './check.ts';
import { checkStore } from './check-store.ts';
import { checkDisk, checkFiles, checkFolder, checkWritable, sizeOf } from './check-surroundings.ts';
import { otherStores } from './other-stores.ts';

/** Everything that is to say of the store of a configuration and the place where it lies. */
export async function checkPlace(
  store: StoreConfiguration,
  mirror: StoreConfiguration | null,
): Promise<Check[]> {
  const target = readStoreTarget(store);
  if (target.kind === 'memory') {
    const text = 'it begins empty with each call, and ends with it';
    return [{ name: 'memory', state: 'ok', text }];
  }
  if (target.kind === 'postgres') {
    return [...checkSsl(target), ...(await checkStore(store, nameOfStore(store), mirror))];
  }
  const { path } = target;
  try {
    if ((await sizeOf(path)) === null) return [await missing(path)];
    return [
      target.kind === 'file' ? await checkFolder(path) : await checkFiles(path),
      await checkWritable(target),
      await checkDisk(path),
      ...(await checkStore(store, path, mirror)),
    ];
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return [unreachable(path, (error as NodeJS.ErrnoException).code)];
  }
}

function unreachable(path: string, code = 'unknown'): Check {
  const isForbidden = code === 'EACCES' || code === 'EPERM';
  return {
    name: 'files',
    state: 'broken',
    text: `${path} cannot be looked at (${code})`,
    hint: isForbidden
      ? 'Give this user the right to read it and to enter the folders above it.'
      : 'Look at each part of the path: a file may stand where a folder is meant, or the other way.',
  };
}

/** Who does not verify a server cannot know whom the runs are given to. */
function checkSsl({ ssl }: PostgresTarget): Check[] {
  if (ssl === false || ssl.rejectUnauthorized) return [];
  return [
    {
      name: 'ssl',
      state: 'warning',
      text: 'encrypted, but the server is not verified',
      hint: 'Set ssl to true, so that nobody else can stand in for the server.',
    },
  ];
}

async function missing(path: string): Promise<Check> {
  const others = await otherStores(path);
  const text = others.length > 0 ? `not there, but there is ${others.join(' and ')}` : 'not there';
  return {
    name: 'files',
    state: 'broken',
    text,
    hint: `"${callOnStore('start')}" makes it; --store names another.`,
  };
}
