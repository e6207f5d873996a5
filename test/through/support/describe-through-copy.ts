import { describe, test } from 'vitest';
import { type ConformanceSubject, describeRunRepository } from '../../../src/conformance/index.ts';
import { guardRepository } from '../../../src/repository/guard/guarded-repository.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import { type Kind, openFresh } from './kinds.ts';
import { throughCopy } from './through-copy.ts';

/** What shows whether a copy holds the same: the rest is about writing, which a copy has no part in. */
const READING = ['edge values', 'find', 'filter', 'search', 'statistics', 'port: read'];

/**
 * Registers the suite over one kind of store that is written to, and another that is read from.
 * `isBounded`: only what is about reading.
 */
export function describeThroughCopy(
  from: Kind,
  to: Kind,
  { isBounded = false }: { isBounded?: boolean } = {},
): void {
  const open = async (folder: string): Promise<ConformanceSubject> => {
    const store = throughCopy(await from.open(folder), () => openFresh(to));
    const repository = guardRepository(store);
    const close = () => repository.close();
    const reopen = async () => {
      await close();
      return open(folder);
    };
    return { repository, store, close, ...(from.isDurable && { reopen }) };
  };
  const name = `${from.name}, copied to ${to.name}`;
  const isMissing = (from.isMissing ?? to.isMissing) === true;
  describeRunRepository(
    { describe, test: isMissing ? test.skip : test },
    { name, open: () => open(folderInMemory()), ...(isBounded && { themes: READING }) },
  );
}
