import { describe } from 'vitest';
import { type ConformanceSubject, describeRunRepository } from '../../../src/conformance/index.ts';
import { guardRepository } from '../../../src/repository/guard/guarded-repository.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import { testWhere } from '../../support/test-where.ts';
import { type Kind, openFresh } from './kinds.ts';
import { type Carry, throughCopy } from './through-copy.ts';

/** Themes that show whether a copy holds the same, for pairs that take long. */
export const OF_READING = ['find', 'filter', 'search', 'statistics'];

/** How the runs get from one store to the other, and which themes are tried. */
export interface ThroughOptions {
  /** Default all. */
  themes?: readonly string[];
  /** For the name of the suite. Default `copied`. */
  by?: string;
  /** Default a copy. */
  carry?: Carry;
}

/**
 * Registers the suite over one kind of store that is written to, and another that is read from; all of
 * it, unless it says which themes.
 */
export function describeThroughCopy(
  from: Kind,
  to: Kind,
  { themes, by = 'copied', carry }: ThroughOptions = {},
): void {
  const open = async (folder: string): Promise<ConformanceSubject> => {
    const store = throughCopy(await from.open(folder), () => openFresh(to), carry);
    const repository = guardRepository(store);
    const close = () => repository.close();
    const reopen = async () => {
      await close();
      return open(folder);
    };
    return { repository, store, close, ...(from.isDurable && { reopen }) };
  };
  const name = `${from.name}, ${by} to ${to.name}`;
  const missing = from.missing ?? to.missing ?? null;
  describeRunRepository(
    { describe, test: testWhere(missing) },
    { name, open: () => open(folderInMemory()), ...(themes && { themes }) },
  );
}
