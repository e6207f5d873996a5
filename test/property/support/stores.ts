import { testServers } from '../../support/postgres/fresh-store.ts';
import { KINDS, type Kind, onServer, openFresh, PAIRS } from '../../through/support/kinds.ts';
import { throughCopy } from '../../through/support/through-copy.ts';
import type { OpenStore } from './world.ts';

/** A way to open fresh stores, by the name of their kind. */
export interface NamedStores {
  name: string;
  /** What it needs and is not here, so that its tests skip. */
  missing: string | null;
  open: OpenStore;
}

const { postgres, ...ON_THIS_MACHINE } = KINDS;

/**
 * Stores of each kind. The memory store is among them: it is then held against itself, and its ledger
 * against what was seen of its runs.
 */
export const STORES: readonly NamedStores[] = [
  ...Object.values<Kind>(ON_THIS_MACHINE),
  ...testServers().map((server) => onServer(server)),
].map((kind) => ({
  name: kind.name,
  missing: kind.missing ?? null,
  open: (now) => openFresh(kind, now),
}));

/** Stores that are written to on one side and read on the other, through a copy. */
export const COPIES: readonly (NamedStores & { isOnServer: boolean })[] = PAIRS.map(
  ([from, to]) => ({
    name: `${from.name}, copied to ${to.name},`,
    missing: from.missing ?? to.missing ?? null,
    isOnServer: from === postgres || to === postgres,
    open: async (now) => throughCopy(await openFresh(from, now), () => openFresh(to, now)),
  }),
);
